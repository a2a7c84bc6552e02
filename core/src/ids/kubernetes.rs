use super::text::text;

text! {
    /// A Kubernetes namespace: a DNS label.
    Namespace, Namespace, |text| text.len() <= 63 && is_label(text, &[])
}

text! {
    /// The name of a service account, or a pattern of such names with `*` and `?`.
    ServiceAccount, ServiceAccount, |text| text.len() <= 253 && text.split('.').all(|part| is_label(part, b"*?"))
}

impl ServiceAccount {
    /// Whether it stands for several service accounts. Only the conditions of IRSA can say so.
    pub fn is_pattern(&self) -> bool {
        self.as_str().contains(['*', '?'])
    }
}

fn is_label(text: &str, also: &[u8]) -> bool {
    let inner = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || also.contains(byte);
    let bytes = text.as_bytes();
    bytes.first().is_some_and(inner)
        && bytes.last().is_some_and(inner)
        && bytes.iter().all(|byte| inner(byte) || *byte == b'-')
}
