use crate::answer::Refusal;
use crate::world::Tags;

const MOST: usize = 50;

/// Tags as IAM takes them: keys that differ in case only are one key.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html>
pub(crate) fn iam(sent: Vec<(String, String)>) -> Result<Tags, Refusal> {
    let mut tags = Tags::new();
    for (key, value) in sent {
        if let Some(fault) = fault(&key, &value) {
            return Err(Refusal::new(
                400,
                "ValidationError",
                format!("1 validation error detected: {fault}"),
            ));
        }
        if key.to_ascii_lowercase().starts_with("aws:") {
            return Err(Refusal::new(
                400,
                "InvalidInput",
                "System tags cannot be created, modified or deleted by the user.",
            ));
        }
        if tags.keys().any(|other| other.eq_ignore_ascii_case(&key)) {
            return Err(Refusal::new(
                400,
                "InvalidInput",
                "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
            ));
        }
        tags.insert(key, value);
    }
    if tags.len() > MOST {
        return Err(Refusal::new(
            400,
            "ValidationError",
            "1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50",
        ));
    }
    Ok(tags)
}

/// Adds tags; a key in another case replaces the old one.
pub(crate) fn add_iam(to: &mut Tags, new: Tags) -> Result<(), Refusal> {
    let mut tags = to.clone();
    for (key, value) in new {
        tags.retain(|other, _| !other.eq_ignore_ascii_case(&key));
        tags.insert(key, value);
    }
    if tags.len() > MOST {
        return Err(Refusal::new(
            409,
            "LimitExceeded",
            "The number of tags has reached the maximum limit.",
        ));
    }
    *to = tags;
    Ok(())
}

/// Removes tags, whatever the case of their keys.
pub(crate) fn remove_iam(from: &mut Tags, keys: &[String]) {
    from.retain(|key, _| !keys.iter().any(|removed| removed.eq_ignore_ascii_case(key)));
}

/// Tags as EKS takes them. `code` is what this operation calls a bad one.
///
/// <https://docs.aws.amazon.com/eks/latest/userguide/eks-using-tags.html>
pub(crate) fn eks(sent: &serde_json::Value, code: &str) -> Result<Tags, Refusal> {
    let mut tags = Tags::new();
    for (key, value) in sent.as_object().into_iter().flatten() {
        let Some(value) = value.as_str() else {
            return Err(Refusal::new(
                400,
                "SerializationException",
                "A tag's value is not a string",
            ));
        };
        if let Some(fault) = fault(key, value) {
            return Err(Refusal::new(400, code, fault));
        }
        if key.to_ascii_lowercase().starts_with("aws:") {
            return Err(Refusal::new(400, code, "Tag keys that start with `aws:` are reserved"));
        }
        tags.insert(key.clone(), value.to_owned());
    }
    limit_eks(&tags, code)?;
    Ok(tags)
}

pub(crate) fn limit_eks(tags: &Tags, code: &str) -> Result<(), Refusal> {
    if tags.len() > MOST {
        return Err(Refusal::new(400, code, "A resource has at most 50 tags"));
    }
    Ok(())
}

fn fault(key: &str, value: &str) -> Option<String> {
    let is_allowed = |text: &str| {
        text.chars()
            .all(|char| char.is_alphanumeric() || char.is_whitespace() || "_.:/=+-@".contains(char))
    };
    if key.is_empty() || key.chars().count() > 128 || !is_allowed(key) {
        return Some(format!(
            "Value '{key}' at 'tags.1.member.key' failed to satisfy constraint: Member must satisfy regular expression pattern: \
             [\\p{{L}}\\p{{Z}}\\p{{N}}_.:/=+\\-@]+ and have length from 1 to 128"
        ));
    }
    if value.chars().count() > 256 || !is_allowed(value) {
        return Some(format!(
            "Value '{value}' at 'tags.1.member.value' failed to satisfy constraint: Member must satisfy regular expression pattern: \
             [\\p{{L}}\\p{{Z}}\\p{{N}}_.:/=+\\-@]* and have length less than or equal to 256"
        ));
    }
    None
}
