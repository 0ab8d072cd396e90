//! HTML that grows, in which nothing that a table holds is more than text.

use palette_tables::visible;

/// The inside of a document.
#[derive(Default)]
pub(super) struct Html {
    body: String,
}

/// Text as it stands in HTML, and in the value of an attribute; what cannot be seen is written out.
pub(super) fn text(plain: &str) -> String {
    let mut safe = String::with_capacity(plain.len());
    for c in visible(plain).chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

impl Html {
    /// Adds markup.
    pub(super) fn add(&mut self, markup: &str) {
        self.body += markup;
        self.body.push('\n');
    }

    pub(super) fn open(&mut self, element: &str) {
        self.add(&format!("<{element}>"));
    }

    pub(super) fn close(&mut self, element: &str) {
        self.add(&format!("</{element}>"));
    }

    /// A paragraph of text; `class` may be empty.
    pub(super) fn paragraph(&mut self, class: &str, plain: &str) {
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
        self.add(&format!("<p{class}>{}</p>", text(plain)));
    }

    /// A section with its heading.
    pub(super) fn section(&mut self, heading: &str, fill: impl FnOnce(&mut Html)) {
        self.add(&format!("<section><h2>{}</h2>", text(heading)));
        fill(self);
        self.close("section");
    }

    /// A picture with what stands below it.
    pub(super) fn figure(&mut self, svg: &str, caption: &str) {
        self.add(&format!("<figure>{svg}<figcaption>{}</figcaption></figure>", text(caption)));
    }

    /// A table of text of this class: the first cell of each row names it.
    pub(super) fn table(
        &mut self,
        class: &str,
        caption: &str,
        header: &[&str],
        rows: impl IntoIterator<Item = Vec<String>>,
    ) {
        let caption = text(caption);
        self.add(&format!(
            "<div class=\"scrolls\" tabindex=\"0\" role=\"region\" aria-label=\"{caption}\">\
                <table class=\"{class}\"><caption>{caption}</caption><thead><tr>"
        ));
        for name in header {
            self.add(&format!("<th scope=\"col\">{}</th>", text(name)));
        }
        self.add("</tr></thead><tbody>");
        for row in rows {
            self.open("tr");
            for (k, cell) in row.iter().enumerate() {
                let cell = text(cell);
                self.add(&if k == 0 {
                    format!("<th scope=\"row\"><bdi>{cell}</bdi></th>")
                } else {
                    format!("<td>{cell}</td>")
                });
            }
            self.close("tr");
        }
        self.add("</tbody></table></div>");
    }

    /// All of it as a document.
    pub(super) fn document(self, title: &str, style: &str) -> String {
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
                <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
                <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
                <title>{}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n{}</main>\n</body>\n</html>\n",
            text(title),
            self.body
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_text_alone() {
        let mut page = Html::default();
        page.table("", "c", &["<b>"], [vec!["<script>alert('x')</script>".to_owned(), "\"&".to_owned()]]);
        let page = page.document("</title><script>", "");
        assert!(!page.contains("<script>") && !page.contains("<b>"));
        assert!(
            page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;") && page.contains("&quot;&amp;")
        );
    }
}
