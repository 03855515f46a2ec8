//! Prints how long calls through the SDK take, in memory and in a folder, and how much of it is the
//! emulation's own: `cargo run --release -p embedded-aws --example speed`.

use std::time::Instant;

use anyhow::Context;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType,
    Projection, ProjectionType, Put, ScalarAttributeType, TransactWriteItem,
};
use embedded_aws::{Clock, EmbeddedAws, Storage};

/// Calls of each kind.
const CALLS: u32 = 2_000;

const TABLE: &str = "speed";

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let folder = std::env::temp_dir().join(format!("embedded-aws-speed-{}", std::process::id()));
    for storage in [Storage::Memory, Storage::Dir(folder.clone())] {
        measure(storage).await?;
    }
    std::fs::remove_dir_all(folder)?;
    Ok(())
}

async fn measure(storage: Storage) -> anyhow::Result<()> {
    println!("{storage:?}");
    let started = Instant::now();
    let aws = EmbeddedAws::open(storage, Clock::wall())?;
    let config = aws.config("speed");
    let tables = aws_sdk_dynamodb::Client::new(&config);
    create_table(&tables).await?;
    println!(
        "  {:26} {:8.1} us",
        "open and create a table",
        started.elapsed().as_secs_f64() * 1e6
    );
    report(&aws, "conditional put, one index", async |number| {
        let put = tables
            .put_item()
            .table_name(TABLE)
            .set_item(Some(item("a", number).into()));
        put.condition_expression("attribute_not_exists(PK)")
            .send()
            .await?;
        Ok(())
    })
    .await?;
    report(&aws, "get", async |number| {
        let key = item("a", number)
            .into_iter()
            .filter(|(name, _)| name == "PK" || name == "SK");
        tables
            .get_item()
            .table_name(TABLE)
            .set_key(Some(key.collect()))
            .send()
            .await?;
        Ok(())
    })
    .await?;
    report(&aws, "transaction of 4 puts", async |number| {
        let mut transaction = tables.transact_write_items();
        for part in ["b", "c", "d", "e"] {
            let put = Put::builder()
                .table_name(TABLE)
                .set_item(Some(item(part, number).into()))
                .build()?;
            transaction = transaction.transact_items(TransactWriteItem::builder().put(put).build());
        }
        transaction.send().await?;
        Ok(())
    })
    .await?;
    let queues = aws_sdk_sqs::Client::new(&config);
    let made = queues.create_queue().queue_name("speed").send().await?;
    let url = made.queue_url.context("an address")?;
    report(&aws, "send, receive, delete", async |_| {
        queues
            .send_message()
            .queue_url(&url)
            .message_body("x")
            .send()
            .await?;
        let received = queues.receive_message().queue_url(&url).send().await?;
        let receipt = received.messages()[0].receipt_handle().unwrap_or_default();
        queues
            .delete_message()
            .queue_url(&url)
            .receipt_handle(receipt)
            .send()
            .await?;
        Ok(())
    })
    .await
}

async fn report(
    aws: &EmbeddedAws,
    name: &str,
    call: impl AsyncFn(u32) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let (started, own) = (Instant::now(), aws.emulation_time());
    for number in 0..CALLS {
        call(number).await?;
    }
    let each = |time: std::time::Duration| time.as_secs_f64() * 1e6 / f64::from(CALLS);
    let (all, own) = (each(started.elapsed()), each(aws.emulation_time() - own));
    println!("  {name:26} {all:8.1} us, of which emulation {own:8.1} us");
    Ok(())
}

fn item(part: &str, number: u32) -> [(String, AttributeValue); 5] {
    let text = |text: String| AttributeValue::S(text);
    [
        ("PK".to_owned(), text(format!("{part}{number}"))),
        ("SK".to_owned(), text("HEAD".to_owned())),
        ("GP".to_owned(), text(format!("g{}", number % 16))),
        ("GS".to_owned(), text(format!("{number:010}"))),
        ("text".to_owned(), text("x".repeat(800))),
    ]
}

async fn create_table(client: &aws_sdk_dynamodb::Client) -> anyhow::Result<()> {
    let part = |name: &str, kind| {
        KeySchemaElement::builder()
            .attribute_name(name)
            .key_type(kind)
            .build()
    };
    let mut create = client
        .create_table()
        .table_name(TABLE)
        .billing_mode(BillingMode::PayPerRequest);
    for name in ["PK", "SK", "GP", "GS"] {
        let definition = AttributeDefinition::builder().attribute_name(name);
        create = create.attribute_definitions(definition.attribute_type(ScalarAttributeType::S).build()?);
    }
    let index = GlobalSecondaryIndex::builder()
        .index_name("due")
        .key_schema(part("GP", KeyType::Hash)?)
        .key_schema(part("GS", KeyType::Range)?)
        .projection(
            Projection::builder()
                .projection_type(ProjectionType::KeysOnly)
                .build(),
        )
        .build()?;
    create
        .key_schema(part("PK", KeyType::Hash)?)
        .key_schema(part("SK", KeyType::Range)?)
        .global_secondary_indexes(index)
        .send()
        .await?;
    Ok(())
}
