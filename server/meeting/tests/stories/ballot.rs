//! What is put to the vote in stories, and a ballot on it.

use meeting::command::Command;
use meeting::id::{ChoiceId, LineId, VoteId};
use meeting::vote::Marks;
use meeting::vote::command::VoteCommand as V;
use meeting::vote::content::{Content, Method, PLAIN, Part};
use meeting::vote::rules::VoteRules;

pub(crate) fn content(title: &str, method: Method) -> Content {
    let rules = VoteRules::default();
    Content {
        title: title.to_owned(),
        text: format!("Thông qua {title}."),
        reference: "Dự thảo lần 3".to_owned(),
        part: Part::Whole,
        of: None,
        item: Some("thao-luan".into()),
        method,
        hand_sites: if method == Method::Mixed {
            ["tan-lap".into()].into()
        } else {
            [].into()
        },
        choices: rules.choices[0].choices.clone(),
        lines: Vec::new(),
        at_most: 0,
        blanks: false,
        threshold: rules.thresholds[0].clone(),
        duration_s: 60,
        decision: rules.decision,
    }
}

pub(crate) fn vote(command: V) -> Command {
    Command::Vote(command)
}

pub(crate) fn marks(choice: &str) -> Marks {
    [(LineId::from(PLAIN), ChoiceId::from(choice))].into()
}

pub(crate) fn cast(id: &VoteId, choice: &str) -> Command {
    vote(V::Cast {
        vote: id.clone(),
        marks: marks(choice),
    })
}
