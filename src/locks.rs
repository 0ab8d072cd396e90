//! The browser's locks between tabs and workers: each has a name and one holder, and is free again when the
//! holder is gone, however that ended. Where the browser has none, in an insecure context, nothing is known.

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// Calls `then` when nobody holds the lock of this name any more; never where there are no locks.
pub fn when_free(name: &str, then: impl FnOnce() + 'static) {
    let granted = Closure::once_into_js(move |_: JsValue| then());
    if let Some(Ok(asked)) = request(name, &Object::new(), &granted) {
        // A lock that is refused is done without: there are deadlines.
        spawn_local(async move { drop(JsFuture::from(asked).await) });
    }
}

/// Takes the lock of this name for as long as the page lives. Whether it was free; `None` where there are no
/// locks.
pub async fn hold(name: &str) -> Option<bool> {
    let options = Object::new();
    Reflect::set(&options, &"ifAvailable".into(), &JsValue::TRUE).ok()?;
    let mut asked = None;
    let answered = Promise::new(&mut |resolve, _| {
        let told = resolve.clone();
        let held = Closure::once_into_js(move |lock: JsValue| -> JsValue {
            let got = lock.is_truthy();
            let _ = told.call1(&JsValue::UNDEFINED, &JsValue::from_bool(got));
            // A lock lasts for as long as its promise: until the page is gone.
            if got { Promise::new(&mut |_, _| {}).into() } else { JsValue::UNDEFINED }
        });
        asked = request(name, &options, &held).map(|asked| (asked, resolve));
    });
    let (asked, resolve) = asked?;
    // A browser that refuses locks does so at once, or by its promise.
    spawn_local(async move {
        let refused = match asked {
            Ok(asked) => JsFuture::from(asked).await.is_err(),
            Err(_) => true,
        };
        if refused {
            let _ = resolve.call0(&JsValue::UNDEFINED);
        }
    });
    JsFuture::from(answered).await.ok()?.as_bool()
}

/// The names of the locks that are held, by this page and others; `None` where that is not told.
pub async fn held() -> Option<Vec<String>> {
    let locks = locks()?;
    let query: Function = Reflect::get(&locks, &"query".into()).ok()?.dyn_into().ok()?;
    let asked: Promise = query.call0(&locks).ok()?.dyn_into().ok()?;
    let answer = JsFuture::from(asked).await.ok()?;
    let held: Array = Reflect::get(&answer, &"held".into()).ok()?.dyn_into().ok()?;
    Some(held.iter().filter_map(|lock| Reflect::get(&lock, &"name".into()).ok()?.as_string()).collect())
}

/// Asks for a lock; the inner error is that of a browser that refuses at once.
fn request(name: &str, options: &Object, granted: &JsValue) -> Option<Result<Promise, JsValue>> {
    let locks = locks()?;
    let request: Function = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
    Some(request.call3(&locks, &name.into(), options, granted).and_then(JsCast::dyn_into))
}

fn locks() -> Option<JsValue> {
    let window = web_sys::window()?;
    Reflect::get(&window.navigator(), &"locks".into()).ok().filter(JsValue::is_truthy)
}
