//! Charts are drawn for the size they have: another size draws them again.

use crate::app::browser::events::on_window;
use crate::app::state::Page;
use leptos::html::ElementType;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;

/// Draws the charts again when `around` changes its size.
pub fn repaint_on_resize<E>(page: Page, around: NodeRef<E>)
where
    E: ElementType + 'static,
    E::Output: JsCast + Clone + AsRef<web_sys::Element> + 'static,
{
    let observed = StoredValue::new_local(None::<(web_sys::ResizeObserver, Closure<dyn Fn()>)>);
    Effect::new(move |_| {
        let Some(around) = around.get() else { return };
        let resized = Closure::<dyn Fn()>::new(move || page.repaint.update(|n| *n += 1));
        if let Ok(observer) = web_sys::ResizeObserver::new(resized.as_ref().unchecked_ref()) {
            observer.observe(around.as_ref());
            observed.set_value(Some((observer, resized)));
        }
    });
    // A change of zoom alters the pixel ratio, at times without any box changing.
    on_window("resize", move |_: &web_sys::Event| page.repaint.update(|n| *n += 1));
    on_cleanup(move || {
        if let Some(Some((observer, _))) =
            observed.try_update_value(Option::take).map(Some).unwrap_or_default()
        {
            observer.disconnect();
        }
    });
}
