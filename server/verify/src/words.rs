//! What was found, in words: Vietnamese first, then English.

use crate::examine::{Examined, Found};
use journal::{Broken, CheckpointFault, Fault, Finding, PublicKey};
use std::fmt::Write;
use time::{OffsetDateTime, UtcOffset};

/// Findings that are told one by one; a journal that was written anew would fill the screen.
const TOLD: usize = 20;

/// The whole report.
pub(crate) fn report(examined: &[Examined], trusted: Option<PublicKey>, unread: usize) -> String {
    let mut text = String::new();
    for language in [Language::Vietnamese, Language::English] {
        for one in examined {
            sitting(&mut text, language, one, trusted).expect("a string takes all");
        }
        if examined.is_empty() {
            text += language.of("Không có phiên họp nào.\n", "There is no sitting.\n");
        }
        if unread > 0 {
            let line = language.of(
                "dấu kiểm trong tệp nhân chứng không đọc được, hoặc đã bị sửa.\n",
                "checkpoints in files of witnesses cannot be read, or were altered.\n",
            );
            text += &format!("{unread} {line}");
        }
        text.push('\n');
    }
    text
}

#[derive(Clone, Copy)]
enum Language {
    Vietnamese,
    English,
}

impl Language {
    fn of<T>(self, vietnamese: T, english: T) -> T {
        match self {
            Self::Vietnamese => vietnamese,
            Self::English => english,
        }
    }
}

fn sitting(text: &mut String, language: Language, one: &Examined, trusted: Option<PublicKey>) -> std::fmt::Result {
    let Examined {
        records,
        checkpoints,
        witnessed,
        inspection,
        ..
    } = one;
    let (signed, confirmed) = (inspection.signed, inspection.confirmed);
    let unsigned = (*records as u64).saturating_sub(signed);
    let whole = one.found.is_empty();
    let keys: Vec<String> = inspection.keys.iter().map(PublicKey::fingerprint).collect();
    let keys = keys.join(", ");
    let when = one.signed_at.map(moment).unwrap_or_default();
    match language {
        Language::Vietnamese => {
            writeln!(text, "Phiên họp {}", one.sitting)?;
            writeln!(
                text,
                "  Đã kiểm tra {records} bản ghi, {checkpoints} dấu kiểm có chữ ký, {witnessed} dấu kiểm của nhân chứng (khớp {confirmed})."
            )?;
            if *checkpoints > 0 {
                writeln!(
                    text,
                    "  Đã ký đến bản ghi {signed}, lần cuối lúc {when}; sau đó {unsigned} bản ghi chưa ký."
                )?;
                writeln!(text, "  Khóa đã ký: {keys}")?;
            }
            if trusted.is_none() {
                writeln!(
                    text,
                    "  Chưa đối chiếu khóa: hãy dùng --key với tệp khóa nhận trực tiếp từ hội đồng."
                )?;
            }
            if *witnessed == 0 {
                writeln!(
                    text,
                    "  Không có nhân chứng: phần cuối bị cắt, hoặc bản cũ bị đưa trở lại, có thể không phát hiện được."
                )?;
            }
            let ending = if whole { "nguyên vẹn" } else { "không nguyên vẹn" };
            writeln!(
                text,
                "  Kết luận: {ending}. Mã bản ghi cuối: {} ({})",
                inspection.head.short(),
                inspection.head.seq
            )?;
        }
        Language::English => {
            writeln!(text, "Sitting {}", one.sitting)?;
            writeln!(
                text,
                "  Checked {records} records, {checkpoints} signed checkpoints, {witnessed} checkpoints of witnesses ({confirmed} confirmed)."
            )?;
            if *checkpoints > 0 {
                writeln!(
                    text,
                    "  Signed up to record {signed}, last at {when}; {unsigned} records after it are not signed yet."
                )?;
                writeln!(text, "  Signed by {keys}")?;
            }
            if trusted.is_none() {
                writeln!(
                    text,
                    "  The key was not compared: give --key with the file that the council handed over."
                )?;
            }
            if *witnessed == 0 {
                writeln!(
                    text,
                    "  No witness: a tail that was cut off, or an older state that was put back, may stay unseen."
                )?;
            }
            let ending = if whole { "whole" } else { "BROKEN" };
            writeln!(
                text,
                "  Conclusion: {ending}. Code of the last good record: {} ({})",
                inspection.head.short(),
                inspection.head.seq
            )?;
        }
    }
    for found in one.found.iter().take(TOLD) {
        writeln!(text, "  - {}", language.of(vietnamese(found), english(found)))?;
    }
    if let Some(more) = one.found.len().checked_sub(TOLD).filter(|more| *more > 0) {
        writeln!(text, "  - {} {more}", language.of("và còn nữa:", "and more:"))?;
    }
    Ok(())
}

/// `05/03/2026 08:00:12`, in Vietnam.
fn moment(at: u64) -> String {
    let seconds = i64::try_from(at / 1000).unwrap_or(i64::MAX);
    let vietnam = UtcOffset::from_hms(7, 0, 0).expect("seven hours");
    let Ok(moment) = OffsetDateTime::from_unix_timestamp(seconds) else {
        return at.to_string();
    };
    let moment = moment.to_offset(vietnam);
    let (year, month, day) = moment.to_calendar_date();
    let (hour, minute, second) = moment.to_hms();
    format!(
        "{day:02}/{:02}/{year} {hour:02}:{minute:02}:{second:02}",
        u8::from(month)
    )
}

fn english(found: &Found) -> String {
    match found {
        Found::Damaged { line } => format!("line {line} of the file is not as the hub wrote it"),
        Found::Journal(finding) => finding.to_string(),
        Found::OtherSitting { named } => format!("the first record makes another sitting, {named}"),
        Found::Unreadable { seq } => format!("record {seq}: it says nothing that a hub would write"),
        Found::ClockBack { seq, by } => format!("record {seq}: the clock was set back by {} s", by.div_ceil(1000)),
        Found::Replayed { seq, first } => format!("record {seq}: its command was answered before, in record {first}"),
        Found::Missing => "witnesses have seen this sitting, and it is not here at all".to_owned(),
    }
}

fn vietnamese(found: &Found) -> String {
    match found {
        Found::Damaged { line } => format!("dòng {line} của tệp không đúng như hệ thống đã ghi"),
        Found::Journal(finding) => match finding {
            Finding::Chain(broken) => chain(broken),
            Finding::Checkpoint { number, fault } => format!("dấu kiểm {number}: {}", checkpoint(fault)),
            Finding::Unsigned => "không có chữ ký nào: không có dấu kiểm".to_owned(),
            Finding::Truncated { number, known } => {
                format!("thiếu bản ghi ở cuối: dấu kiểm {number} do nhân chứng giữ bao gồm {known} bản ghi")
            }
            Finding::Rewritten { number, seq } => format!(
                "bản ghi {seq} không phải là bản ghi mà dấu kiểm {number} do nhân chứng giữ đã ký: nhật ký đã bị viết lại"
            ),
            Finding::Removed { number } => format!("dấu kiểm {number} do nhân chứng giữ không còn được lưu"),
            Finding::FalseWitness { number } => {
                format!("dấu kiểm {number} mà nhân chứng đưa ra không phải do hệ thống này ký")
            }
        },
        Found::OtherSitting { named } => format!("bản ghi đầu tiên thuộc phiên họp khác, {named}"),
        Found::Unreadable { seq } => format!("bản ghi {seq}: nội dung không phải do hệ thống ghi"),
        Found::ClockBack { seq, by } => format!("bản ghi {seq}: đồng hồ bị vặn lùi {} giây", by.div_ceil(1000)),
        Found::Replayed { seq, first } => format!("bản ghi {seq}: lệnh này đã được trả lời ở bản ghi {first}"),
        Found::Missing => "nhân chứng đã thấy phiên họp này, nhưng ở đây không có".to_owned(),
    }
}

fn chain(Broken { seq, fault }: &Broken) -> String {
    match fault {
        Fault::Gap { found } => format!("bản ghi {seq}: bị thiếu; tiếp theo là bản ghi {found}"),
        Fault::Order { found } => format!("bản ghi {seq}: bản ghi {found} đứng ở chỗ của nó"),
        Fault::Altered => format!("bản ghi {seq}: mã băm không khớp nội dung, đã bị sửa"),
        Fault::WrongLink { .. } => format!("bản ghi {seq}: không nối với bản ghi trước nó"),
        Fault::Truncated { known } => format!("bản ghi {seq}: bị thiếu; nhân chứng biết {known} bản ghi"),
        Fault::OtherHistory { .. } => format!("bản ghi {seq}: nhân chứng đã thấy một bản ghi khác ở đây"),
    }
}

fn checkpoint(fault: &CheckpointFault) -> String {
    match fault {
        CheckpointFault::Unreadable => "không đọc được, đã bị sửa".to_owned(),
        CheckpointFault::Signature => "chữ ký không khớp, đã bị sửa".to_owned(),
        CheckpointFault::Key { key } => format!("ký bằng khóa không phải của hệ thống này, {key}"),
        CheckpointFault::Sitting { sitting } => format!("thuộc phiên họp khác, {sitting}"),
        CheckpointFault::Gap { found } => format!("bị thiếu; tiếp theo là dấu kiểm {found}"),
        CheckpointFault::Order { found } => format!("dấu kiểm {found} đứng ở chỗ của nó"),
        CheckpointFault::Link => "không nối với dấu kiểm trước nó".to_owned(),
        CheckpointFault::Backwards => "lùi về trước dấu kiểm đứng trước nó".to_owned(),
        CheckpointFault::OtherRecord { seq } => format!("được ký cho một bản ghi {seq} khác: nhật ký đã bị sửa"),
        CheckpointFault::Truncated { covers, there } => {
            format!("bao gồm {covers} bản ghi, nhưng chỉ còn {there}: nhật ký đã bị cắt")
        }
    }
}
