//! What filters say of fields, forms and statuses that the operator defined: `custom_fields_<id>`, `ticket_form_id`,
//! `custom_status_id`.

use super::{
    Clause, Names, Use,
    text::{Reader, quoted},
};
use crate::kit::error::ApiError;
use docket_domain::field::{FieldBook, FieldDefinition, FieldKind, FieldsOf, own_id};
use serde_json::{Value, json};

/// What the names of fields begin with.
pub(crate) const FIELD: &str = "custom_fields_";
const FORM: &str = "ticket_form_id";
const STATUS: &str = "custom_status_id";
const FORM_CHANGED: &str = "\"form\" in event.changed";
const STATUS_CHANGED: &str = "(\"custom_status\" in event.changed || \"status\" in event.changed)";
/// Most values of one condition.
const MOST_VALUES: usize = 100;

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    Field(u64),
    Form,
    Status,
}

/// How.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    Is,
    IsNot,
    Below,
    AtMost,
    Above,
    AtLeast,
    /// It is one of these.
    OneOf,
    NoneOf,
    /// It has one of these among others.
    Has,
    HasNot,
    Changed,
    NotChanged,
    ChangedTo,
}

/// Comparisons of an order, with their signs and names, the longer signs first.
const ORDER: [(How, &str, &str); 4] = [
    (How::AtMost, "<=", "less_than_equal"),
    (How::AtLeast, ">=", "greater_than_equal"),
    (How::Below, "<", "less_than"),
    (How::Above, ">", "greater_than"),
];

/// One condition. Values are literals of conditions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OwnTest {
    what: What,
    how: How,
    values: Vec<Literal>,
}

/// A value in a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Literal {
    Null,
    Flag(bool),
    Number(String),
    Text(String),
}

impl Literal {
    fn written(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Flag(flag) => flag.to_string(),
            Self::Number(number) => number.clone(),
            Self::Text(text) => quoted(text),
        }
    }

    fn shown(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Flag(flag) => json!(flag),
            Self::Number(number) => serde_json::from_str(number).unwrap_or_else(|_| json!(number)),
            Self::Text(text) => json!(text),
        }
    }
}

/// What a filter's field names; nothing where it is none of these.
fn what_of(field: &str) -> Option<What> {
    match field {
        FORM => Some(What::Form),
        STATUS => Some(What::Status),
        _ => {
            let id = field
                .strip_prefix(FIELD)
                .or_else(|| field.strip_prefix("ticket_fields_"));
            id.and_then(own_id).map(What::Field)
        }
    }
}

impl What {
    fn field(self) -> String {
        match self {
            Self::Field(id) => format!("{FIELD}{id}"),
            Self::Form => FORM.to_owned(),
            Self::Status => STATUS.to_owned(),
        }
    }

    fn path(self) -> String {
        match self {
            Self::Field(id) => format!("ticket.fields[\"{id}\"]"),
            Self::Form => "ticket.form".to_owned(),
            Self::Status => "ticket.custom_status".to_owned(),
        }
    }

    fn changed(self) -> String {
        match self {
            Self::Field(id) => format!("\"{id}\" in event.changed_fields"),
            Self::Form => FORM_CHANGED.to_owned(),
            Self::Status => STATUS_CHANGED.to_owned(),
        }
    }
}

/// Reads a condition; nothing where it is about something else.
pub(super) fn test_of(
    clause: &Clause,
    operator: &str,
    names: &Names,
    of: Use,
    place: &str,
) -> Result<Option<OwnTest>, ApiError> {
    let is_own = clause.field.starts_with(FIELD) || clause.field.starts_with("ticket_fields_");
    let Some(what) = what_of(&clause.field) else {
        return match is_own {
            true => Err(unknown(place)),
            false => Ok(None),
        };
    };
    if what == What::Status && of == Use::Policy {
        return Ok(None);
    }
    let book = names.fields();
    let field = match what {
        What::Field(id) => Some(book.own_ticket_field(id).ok_or_else(|| unknown(place))?),
        What::Form | What::Status => None,
    };
    let how = how_of(operator, field, of).ok_or_else(|| {
        let words = format!("{operator:?} can't be used with {}", clause.field);
        ApiError::invalid(&format!("{place}.operator"), words)
    })?;
    let (how, value) = match (operator, how) {
        ("present", _) => (How::IsNot, Value::Null),
        ("not_present", _) => (How::Is, Value::Null),
        (_, How::Changed | How::NotChanged) => {
            return Ok(Some(OwnTest {
                what,
                how,
                values: vec![],
            }));
        }
        _ => (how, clause.value.clone()),
    };
    let several = matches!(how, How::OneOf | How::NoneOf | How::Has | How::HasNot);
    let values = match (several, value) {
        (true, Value::Array(values)) => values,
        (true, Value::String(text)) => text.split_whitespace().map(Value::from).collect(),
        (_, value) => vec![value],
    };
    let place = format!("{place}.value");
    if values.is_empty() || values.len() > MOST_VALUES {
        return Err(ApiError::invalid(
            &place,
            format!("has to be 1 to {MOST_VALUES} values"),
        ));
    }
    let literal = |value: &Value| literal(value, what, field, book, &place);
    let values: Vec<Literal> = values.iter().map(literal).collect::<Result<_, _>>()?;
    let needs_value = !matches!(how, How::Is | How::IsNot | How::ChangedTo) || what == What::Status;
    if needs_value && values.contains(&Literal::Null) {
        return Err(ApiError::blank(&place));
    }
    Ok(Some(OwnTest { what, how, values }))
}

fn unknown(place: &str) -> ApiError {
    ApiError::invalid(&format!("{place}.field"), "is no ticket field's id")
}

fn how_of(operator: &str, field: Option<&FieldDefinition>, of: Use) -> Option<How> {
    let has_many = field.is_some_and(|field| field.kind == FieldKind::Multiselect);
    let is_ordered = field.is_some_and(|field| field.kind.is_ordered());
    let hears = of == Use::Trigger;
    if let Some((how, ..)) = ORDER.iter().find(|(_, _, name)| *name == operator) {
        return is_ordered.then_some(*how);
    }
    match operator {
        "is" if has_many => Some(How::Has),
        "is_not" if has_many => Some(How::HasNot),
        "is" => Some(How::Is),
        "is_not" | "not_value" => Some(How::IsNot),
        "present" | "not_present" => Some(How::Is),
        "includes" if has_many => Some(How::Has),
        "not_includes" if has_many => Some(How::HasNot),
        "includes" => Some(How::OneOf),
        "not_includes" => Some(How::NoneOf),
        "changed" if hears => Some(How::Changed),
        "not_changed" if hears => Some(How::NotChanged),
        "value" | "changed_to" if hears && !has_many => Some(How::ChangedTo),
        "value" if !has_many => Some(How::Is),
        _ => None,
    }
}

fn literal(
    value: &Value,
    what: What,
    field: Option<&FieldDefinition>,
    book: &FieldBook,
    place: &str,
) -> Result<Literal, ApiError> {
    let refused = |words: String| ApiError::invalid(place, words);
    let Some(field) = field else {
        let id = match value {
            Value::Null => return Ok(Literal::Null),
            Value::String(text) if text.trim().is_empty() => return Ok(Literal::Null),
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        let is_there = |id: &u64| match what {
            What::Form => book.form(*id).is_some(),
            _ => book.status(*id).is_some(),
        };
        let id = id.filter(is_there);
        let id = id.ok_or_else(|| refused(format!("{value} is no {}", what.field())))?;
        return Ok(Literal::Number(id.to_string()));
    };
    let Some(text) = field.read(value).map_err(refused)? else {
        return Ok(Literal::Null);
    };
    Ok(match field.kind {
        FieldKind::Checkbox => Literal::Flag(text == "true"),
        FieldKind::Integer | FieldKind::Decimal => Literal::Number(text),
        _ => Literal::Text(text),
    })
}

impl OwnTest {
    /// Whether it is about what happens.
    pub(super) fn hears(&self) -> bool {
        matches!(self.how, How::Changed | How::NotChanged | How::ChangedTo)
    }

    /// The condition.
    pub(super) fn written(&self) -> String {
        let (path, changed) = (self.what.path(), self.what.changed());
        let one = self.values.first().map(Literal::written).unwrap_or_default();
        let all: Vec<String> = self.values.iter().map(Literal::written).collect();
        let all = all.join(", ");
        match self.how {
            How::Is => format!("{path} == {one}"),
            How::IsNot => format!("{path} != {one}"),
            How::OneOf => format!("{path} in [{all}]"),
            How::NoneOf => format!("!({path} in [{all}])"),
            How::Has => format!("[{all}].exists(value, value in {path})"),
            How::HasNot => format!("![{all}].exists(value, value in {path})"),
            How::Changed => changed,
            How::NotChanged => format!("!({changed})"),
            How::ChangedTo => format!("({changed} && {path} == {one})"),
            how => {
                let sign = ORDER.iter().find(|(other, ..)| *other == how);
                let sign = sign.map(|(_, sign, _)| *sign).unwrap_or_default();
                format!("({path} != null && {path} {sign} {one})")
            }
        }
    }

    /// The condition in the shape.
    pub(super) fn shown(&self) -> (String, &'static str, Value) {
        let one = self.values.first().map_or(Value::Null, Literal::shown);
        let all = || self.values.iter().map(Literal::shown).collect();
        let (operator, value) = match self.how {
            How::Is if one.is_null() => ("not_present", one),
            How::IsNot if one.is_null() => ("present", one),
            How::Is => ("is", one),
            How::IsNot => ("is_not", one),
            How::OneOf | How::Has => ("includes", all()),
            How::NoneOf | How::HasNot => ("not_includes", all()),
            How::Changed => ("changed", Value::Null),
            How::NotChanged => ("not_changed", Value::Null),
            How::ChangedTo => ("value", one),
            how => {
                let name = ORDER.iter().find(|(other, ..)| *other == how);
                (name.map(|(_, _, name)| *name).unwrap_or_default(), one)
            }
        };
        (self.what.field(), operator, value)
    }

    /// Reads one off a condition.
    pub(super) fn read(rest: &mut Reader<'_>) -> Option<Self> {
        let mut on = Reader(rest.0);
        let found = on.own()?;
        rest.0 = on.0;
        Some(found)
    }
}

impl Reader<'_> {
    fn own(&mut self) -> Option<OwnTest> {
        let test = |what, how, values| Some(OwnTest { what, how, values });
        if let Some(what) = self.own_changed() {
            return test(what, How::Changed, vec![]);
        }
        if self.0.starts_with("![") || self.0.starts_with('[') {
            let how = if self.takes("!") { How::HasNot } else { How::Has };
            let values = self.literals()?;
            let what = self
                .takes(".exists(value, value in ")
                .then(|| self.own_path())??;
            return self.takes(")").then(|| test(what, how, values))?;
        }
        if self.takes("!(") {
            if let Some(what) = self.own_changed() {
                return self.takes(")").then(|| test(what, How::NotChanged, vec![]))?;
            }
            let what = self.own_path()?;
            let values = self.takes(" in ").then(|| self.literals())??;
            return self.takes(")").then(|| test(what, How::NoneOf, values))?;
        }
        if self.takes("(") {
            if let Some(what) = self.own_changed() {
                let path = format!(" && {} == ", what.path());
                let value = self.takes(&path).then(|| self.literal())??;
                return self.takes(")").then(|| test(what, How::ChangedTo, vec![value]))?;
            }
            let what = self.own_path()?;
            let path = format!(" != null && {} ", what.path());
            if !self.takes(&path) {
                return None;
            }
            let mut order = ORDER.iter();
            let (how, ..) = order.find(|(_, sign, _)| self.takes(&format!("{sign} ")))?;
            let value = self.literal()?;
            return self.takes(")").then(|| test(what, *how, vec![value]))?;
        }
        let what = self.own_path()?;
        if self.takes(" in ") {
            let values = self.literals()?;
            return test(what, How::OneOf, values);
        }
        let how = if self.takes(" == ") {
            How::Is
        } else if self.takes(" != ") {
            How::IsNot
        } else {
            return None;
        };
        let value = self.literal()?;
        test(what, how, vec![value])
    }

    fn own_path(&mut self) -> Option<What> {
        if self.takes("ticket.form") {
            return Some(What::Form);
        }
        if self.takes("ticket.custom_status") {
            return Some(What::Status);
        }
        if !self.takes("ticket.fields[") {
            return None;
        }
        let id = own_id(&self.text()?)?;
        self.takes("]").then_some(What::Field(id))
    }

    fn own_changed(&mut self) -> Option<What> {
        for what in [What::Form, What::Status] {
            if self.takes(&what.changed()) {
                return Some(what);
            }
        }
        let mut on = Reader(self.0);
        let id = own_id(&on.text()?)?;
        if !on.takes(" in event.changed_fields") {
            return None;
        }
        self.0 = on.0;
        Some(What::Field(id))
    }

    fn literals(&mut self) -> Option<Vec<Literal>> {
        if !self.takes("[") {
            return None;
        }
        let mut values = vec![self.literal()?];
        while self.takes(", ") {
            values.push(self.literal()?);
        }
        self.takes("]").then_some(values)
    }

    fn literal(&mut self) -> Option<Literal> {
        for (word, literal) in [
            ("null", Literal::Null),
            ("true", Literal::Flag(true)),
            ("false", Literal::Flag(false)),
        ] {
            if self.takes(word) {
                return Some(literal);
            }
        }
        if self.0.starts_with('"') {
            return self.text().map(Literal::Text);
        }
        let is_part = |c: char| c.is_ascii_digit() || matches!(c, '-' | '.');
        let end = self.0.find(|c: char| !is_part(c)).unwrap_or(self.0.len());
        let (number, rest) = self.0.split_at(end);
        if number.is_empty() {
            return None;
        }
        self.0 = rest;
        Some(Literal::Number(number.to_owned()))
    }
}

/// What filters can say of these, for editors: name, title, operators, values.
pub(crate) fn rows(names: &Names, of: Use) -> Vec<Value> {
    let book = names.fields();
    let list = |values: Vec<(Value, String)>| -> Value {
        let each = values.into_iter();
        each.map(|(value, title)| json!({ "value": value, "title": title, "enabled": true }))
            .collect()
    };
    let row = |name: String, title: &str, operators: Vec<&str>, kind: &str, values: Value| {
        let operators = operators.into_iter();
        let operators: Vec<Value> = operators
            .map(|operator| json!({ "value": operator, "title": operator.replace('_', " ") }))
            .collect();
        json!({
            "value": name,
            "title": title,
            "group": "ticket",
            "target": null,
            "operators": operators,
            "values": { "type": kind, "list": values },
        })
    };
    let mut rows = Vec::new();
    for field in book.own(FieldsOf::Tickets) {
        let options = field.options.iter();
        let options = options
            .map(|option| (json!(option.value), option.name.clone()))
            .collect();
        let kind = if field.kind.has_options() { "list" } else { "text" };
        let operators = operators(Some(field), of);
        rows.push(row(
            format!("{FIELD}{}", field.id),
            &field.title,
            operators,
            kind,
            list(options),
        ));
    }
    if !book.forms.is_empty() {
        let forms = book.forms.iter().map(|form| (json!(form.id), form.name.clone()));
        let forms = list(forms.collect());
        rows.push(row(FORM.to_owned(), "Form", operators(None, of), "list", forms));
    }
    if of != Use::Policy {
        let statuses = book.all_statuses().into_iter();
        let statuses = list(
            statuses
                .map(|status| (json!(status.id), status.agent_label))
                .collect(),
        );
        rows.push(row(
            STATUS.to_owned(),
            "Ticket status",
            operators(None, of),
            "list",
            statuses,
        ));
    }
    rows
}

fn operators(field: Option<&FieldDefinition>, of: Use) -> Vec<&'static str> {
    let all = [
        "is",
        "is_not",
        "present",
        "not_present",
        "less_than",
        "less_than_equal",
        "greater_than",
        "greater_than_equal",
        "includes",
        "not_includes",
        "changed",
        "not_changed",
        "value",
    ];
    let can = all
        .into_iter()
        .filter(|operator| how_of(operator, field, of).is_some());
    can.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::{condition_of, filter_of};
    use docket_conditions::Condition;
    use docket_domain::{
        Timestamp,
        field::{FIRST_ID, FieldOption, TicketForm},
    };

    fn names() -> Names {
        let now = Timestamp::UNIX_EPOCH;
        let mut book = FieldBook::default();
        for (place, kind) in [
            FieldKind::Tagger,
            FieldKind::Multiselect,
            FieldKind::Integer,
            FieldKind::Checkbox,
            FieldKind::Date,
        ]
        .into_iter()
        .enumerate()
        {
            let mut field = FieldDefinition::new(FIRST_ID + place as u64, kind, "Field", now);
            if kind.has_options() {
                field.options = ["gold", "lead"]
                    .map(|value| FieldOption {
                        value: value.to_owned(),
                        ..FieldOption::default()
                    })
                    .into();
            }
            book.ticket_fields.push(field);
        }
        book.forms.push(TicketForm::new(FIRST_ID + 9, "Returns", now));
        Names::defining(book)
    }

    fn clause(field: &str, operator: &str, value: Value) -> Value {
        json!({ "field": field, "operator": operator, "value": value })
    }

    #[test]
    fn what_a_filter_says_of_own_fields_a_condition_says_and_leads_back() {
        for (clause, expected) in [
            (
                clause("custom_fields_1000001", "is", json!("gold")),
                r#"ticket.fields["1000001"] == "gold""#,
            ),
            (
                clause("custom_fields_1000001", "not_present", Value::Null),
                r#"ticket.fields["1000001"] == null"#,
            ),
            (
                clause("custom_fields_1000001", "includes", json!(["gold", "lead"])),
                r#"ticket.fields["1000001"] in ["gold", "lead"]"#,
            ),
            (
                clause("custom_fields_1000002", "not_includes", json!(["lead"])),
                r#"!["lead"].exists(value, value in ticket.fields["1000002"])"#,
            ),
            (
                clause("custom_fields_1000003", "less_than", json!(-5)),
                r#"(ticket.fields["1000003"] != null && ticket.fields["1000003"] < -5)"#,
            ),
            (
                clause("custom_fields_1000004", "is_not", json!(true)),
                r#"ticket.fields["1000004"] != true"#,
            ),
            (
                clause("custom_fields_1000005", "greater_than_equal", json!("2026-01-31")),
                r#"(ticket.fields["1000005"] != null && ticket.fields["1000005"] >= "2026-01-31")"#,
            ),
            (
                clause("custom_fields_1000001", "value", json!("lead")),
                r#"("1000001" in event.changed_fields && ticket.fields["1000001"] == "lead")"#,
            ),
            (
                clause("custom_fields_1000001", "not_changed", Value::Null),
                r#"!("1000001" in event.changed_fields)"#,
            ),
            (
                clause("ticket_form_id", "is", json!(1_000_010)),
                "ticket.form == 1000010",
            ),
            (
                clause("custom_status_id", "not_includes", json!([2, 5])),
                "!(ticket.custom_status in [2, 5])",
            ),
            (
                clause("custom_status_id", "changed", Value::Null),
                r#"("custom_status" in event.changed || "status" in event.changed)"#,
            ),
        ] {
            for any in [false, true] {
                let filter = match any {
                    false => json!({ "all": [clause], "any": [] }),
                    true => json!({ "all": [], "any": [clause, clause] }),
                };
                let read = serde_json::from_value(filter.clone()).unwrap();
                let condition = condition_of(&read, &names(), Use::Trigger).unwrap();
                assert!(condition.contains(expected), "{condition}");
                assert_eq!(filter_of(&condition, &names()), Some(filter), "{condition}");
                Condition::parse(&condition).unwrap();
            }
        }
    }

    #[test]
    fn what_own_fields_can_t_be_compared_with_is_refused() {
        for (field, operator, value) in [
            ("custom_fields_1000099", "is", json!("x")),
            ("custom_fields_x", "is", json!("x")),
            ("custom_fields_1000001", "is", json!("tin")),
            ("custom_fields_1000001", "less_than", json!("gold")),
            ("custom_fields_1000003", "is", json!("many")),
            ("custom_fields_1000001", "includes", json!([])),
            ("ticket_form_id", "is", json!(7)),
            ("custom_status_id", "is", Value::Null),
        ] {
            let filter = json!({ "all": [clause(field, operator, value)] });
            let read = serde_json::from_value(filter).unwrap();
            assert!(
                condition_of(&read, &names(), Use::Trigger).is_err(),
                "{field} {operator}"
            );
        }
    }
}
