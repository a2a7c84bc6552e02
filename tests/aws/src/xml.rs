/// Elements, written one after the other.
#[derive(Debug, Default)]
pub(crate) struct Xml(String);

impl Xml {
    pub(crate) fn document(root: &str, namespace: &str, body: &Self) -> String {
        format!("<{root} xmlns=\"{namespace}\">{}</{root}>", body.0)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn append(&mut self, other: &Self) {
        self.0.push_str(&other.0);
    }

    /// An element with text.
    pub(crate) fn text(&mut self, name: &str, text: &str) {
        let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        self.0.push_str(&format!("<{name}>{text}</{name}>"));
    }

    /// An element with text, where there is one: AWS leaves out what is absent.
    pub(crate) fn optional(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.text(name, text);
        }
    }

    /// An element with elements.
    pub(crate) fn within(&mut self, name: &str, write: impl FnOnce(&mut Self)) {
        self.0.push_str(&format!("<{name}>"));
        write(self);
        self.0.push_str(&format!("</{name}>"));
    }

    /// A list, each of whose elements is a `member`.
    pub(crate) fn list<T>(&mut self, name: &str, items: impl IntoIterator<Item = T>, write: impl Fn(&mut Self, T)) {
        self.within(name, |xml| {
            for item in items {
                xml.within("member", |xml| write(xml, item));
            }
        });
    }

    /// A list of texts.
    pub(crate) fn texts<'a>(&mut self, name: &str, texts: impl IntoIterator<Item = &'a String>) {
        self.within(name, |xml| {
            for text in texts {
                xml.text("member", text);
            }
        });
    }
}
