//! Reading a table in a worker of its own, while the solver goes on with the set in use.

use super::{Connection, News, Pending};
use palette_protocol::calls::{Import, Take};
use std::cell::RefCell;
use std::rc::Rc;

/// Seconds for which the reading of a small file may be silent, and bytes that take a second more.
const SILENCE: u32 = 25;
const BYTES_A_SECOND: f64 = 2e6;

type OnNews = Rc<dyn Fn(Option<String>)>;

/// The worker that reads tables; it is started for the first. Cheap to clone.
#[derive(Clone)]
pub struct Importer {
    connection: Rc<RefCell<Connection>>,
    on_news: Rc<RefCell<Option<OnNews>>>,
}

const ROLE: &str = "import";

impl Default for Importer {
    fn default() -> Self {
        Importer {
            connection: Rc::new(RefCell::new(Connection::new(ROLE))),
            on_news: Rc::new(RefCell::new(None)),
        }
    }
}

impl Importer {
    /// Who hears what is in the way of reading, in a plain sentence, and `None` when that is over.
    pub fn on_news(&self, on_news: impl Fn(Option<String>) + 'static) {
        *self.on_news.borrow_mut() = Some(Rc::new(on_news));
        self.listen();
    }

    fn listen(&self) {
        let Some(on_news) = self.on_news.borrow().clone() else { return };
        self.connection.borrow().is_now(ROLE, move |news| {
            on_news(match news {
                News::Starting(seconds) => Some(format!(
                    "The worker that reads tables has been loading for {seconds} seconds. The network may be \
                        slow, or something keeps it from starting."
                )),
                News::Silent(seconds, allowed) => Some(format!(
                    "Nothing has been heard for {seconds} seconds. If nothing comes within {allowed} \
                        seconds, reading is ended."
                )),
                News::Over => None,
            });
        });
    }

    /// Reads a file of so many bytes. What was read before is dropped, and a reading under way ended.
    pub fn read(&self, import: Import, bytes: f64) -> Pending<Import> {
        let connection = self.connection.borrow().clone();
        if connection.is_busy() {
            // It would read to the end before it heard of the other.
            connection.stop();
        }
        connection.call_within(SILENCE + (bytes / BYTES_A_SECOND) as u32, import)
    }

    /// The table that was read last.
    pub fn take(&self, set_id: usize) -> Pending<Take> {
        self.connection.borrow().call(Take { set_id })
    }

    /// Ends the reading at once, and drops what was read.
    pub fn stop(&self) {
        self.connection.borrow().stop();
    }

    /// The worker that holds the table that was taken last; the next file is read by another.
    pub fn hand_over(&self) -> Connection {
        let before = self.connection.replace(Connection::new(ROLE));
        self.listen();
        before
    }
}
