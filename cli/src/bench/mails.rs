//! `docket bench`, without more: what a ticket costs, from mail to triaged, assigned and acknowledged.

use super::machine::{cpu_seconds, peak_memory_mb};
use anyhow::ensure;
use docket_domain::TicketNumber;
use docket_local::{
    Functions, LocalDesk, Options,
    mail_in::Envelope,
    sources::{Polled, QueuePoller, StreamReader},
    stack::LOCAL_MAILBOX,
    wiring::QUEUE_SOURCES,
};
use embedded_aws::{Clock, Storage, Verdicts};
use std::{path::PathBuf, sync::Arc, time::Instant};

/// Calls on which the cost of the SDK's client is measured.
const CALIBRATION_CALLS: u32 = 5_000;

/// What is measured.
#[derive(Debug, clap::Args)]
pub struct MailsArguments {
    /// Mails to take in.
    #[arg(long, default_value_t = 1000)]
    mails: usize,
    /// Size of a file that each mail carries, in bytes; none without it.
    #[arg(long, default_value_t = 0)]
    attachment_bytes: usize,
    /// Folder to keep the desk in while it is measured; in memory without it.
    #[arg(long)]
    data: Option<PathBuf>,
}

/// Measures, and prints one line a figure.
pub async fn run(arguments: MailsArguments) -> anyhow::Result<()> {
    let storage = arguments.data.clone().map_or(Storage::Memory, Storage::Dir);
    let local = LocalDesk::open(Options::new(storage, Clock::wall())).await?;
    let functions = Functions::new(&local, Arc::new(egress::Internet::new(true)));
    let pollers: Vec<_> = QUEUE_SOURCES
        .iter()
        .map(|source| QueuePoller::new(&local, source))
        .collect();
    let mut stream = StreamReader::default();
    let table = local.desk.settings.tickets_table.clone();
    let (cpu_before, emulated_before, begun) = (cpu_seconds()?, local.aws.emulation_time(), Instant::now());
    let calls_before = local.aws.calls().values().sum::<u64>();
    for number in 0..arguments.mails {
        receive(&local, number, arguments.attachment_bytes)?;
        // Batches as they come in practice: some mails, then everything they lead to.
        if number % 10 == 9 || number + 1 == arguments.mails {
            loop {
                let mut busy = stream.poll(&local.aws, &table, &functions).await == Polled::Batch;
                for poller in &pollers {
                    busy |= poller.poll(&functions, 0).await == Polled::Batch;
                }
                if !busy {
                    break;
                }
            }
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    let cpu = cpu_seconds()? - cpu_before;
    let emulated = (local.aws.emulation_time() - emulated_before).as_secs_f64();
    let tickets = local.desk.tickets().last_number().await?;
    ensure!(
        tickets as usize == arguments.mails,
        "{tickets} tickets came of {} mails",
        arguments.mails
    );
    ensure!(
        local.aws.sent_count() == arguments.mails,
        "{} acknowledgements went out",
        local.aws.sent_count()
    );
    let each = |total: f64| total / arguments.mails as f64;
    println!("tickets                                  {tickets}");
    println!(
        "tickets per second                       {:.0}",
        arguments.mails as f64 / seconds
    );
    println!("CPU seconds per ticket, in all           {:.5}", each(cpu));
    println!("  of it in the embedded services         {:.5}", each(emulated));
    let calls = local.aws.calls().values().sum::<u64>() - calls_before;
    let clients = sdk_seconds_per_call(&local).await? * calls as f64;
    println!("  of it in the SDK's clients, about      {:.5}", each(clients));
    println!(
        "  of it in the functions, the rest       {:.5}",
        each((cpu - emulated - clients).max(0.0))
    );
    println!(
        "calls to services per ticket             {:.1}",
        each(calls as f64)
    );
    println!(
        "peak memory, MB                          {:.0}",
        peak_memory_mb()?
    );
    Ok(())
}

fn receive(local: &LocalDesk, number: usize, attachment_bytes: usize) -> anyhow::Result<()> {
    let raw = format!(
        "From: Customer {number} <customer{number}@example.com>\r\nTo: {LOCAL_MAILBOX}\r\nSubject: Order {number} has not \
         arrived\r\nMessage-ID: <bench-{number}@example.com>\r\nDate: Mon, 2 Mar 2026 09:00:00 +0000\r\nMIME-Version: \
         1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
         Hello,\r\n\r\nI ordered two weeks ago and nothing has come. Where is it?\r\n\r\nKind regards\r\nCustomer \
         {number}\r\n{}--b--\r\n",
        attachment(number, attachment_bytes)
    );
    let envelope = Envelope {
        mail_from: format!("customer{number}@example.com"),
        recipients: vec![LOCAL_MAILBOX.to_owned()],
    };
    local.receive_mail(envelope, raw.into_bytes().into(), Verdicts::PASS)?;
    Ok(())
}

/// A part with a file that no two mails share.
fn attachment(number: usize, bytes: usize) -> String {
    if bytes == 0 {
        return String::new();
    }
    let head = "--b\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\
                Content-Disposition: attachment; filename=order.pdf\r\n\r\n";
    // Four letters of base64 are three bytes; each line has 57.
    let lines = (0..bytes.div_ceil(57)).map(|line| format!("{:0>76}\r\n", number * 1_000_000 + line));
    head.to_owned() + &lines.collect::<String>()
}

/// What one call costs in the SDK's client, around the service: measured on calls that read one missing item.
async fn sdk_seconds_per_call(local: &LocalDesk) -> anyhow::Result<f64> {
    let (cpu_before, emulated_before) = (cpu_seconds()?, local.aws.emulation_time());
    for _ in 0..CALIBRATION_CALLS {
        local.desk.tickets().get(TicketNumber(u64::MAX)).await?;
    }
    let emulated = (local.aws.emulation_time() - emulated_before).as_secs_f64();
    Ok((cpu_seconds()? - cpu_before - emulated).max(0.0) / f64::from(CALIBRATION_CALLS))
}
