//! Parameters as the desk uses them.

use anyhow::{Context, ensure};
use aws_sdk_ssm::Client;
use aws_sdk_ssm::types::ParameterType;
use aws_types::SdkConfig;

use crate::clients::{Check, code, fresh, ssm};

async fn put(client: &Client, name: &str, value: &str) -> Check {
    client
        .put_parameter()
        .name(name)
        .value(value)
        .r#type(ParameterType::SecureString)
        .send()
        .await?;
    Ok(())
}

async fn value(client: &Client, name: &str, decrypted: bool) -> Result<String, anyhow::Error> {
    let got = client
        .get_parameter()
        .name(name)
        .with_decryption(decrypted)
        .send()
        .await?;
    got.parameter
        .and_then(|parameter| parameter.value)
        .context("a value")
}

fn path() -> String {
    format!("/{}", fresh("docket"))
}

pub async fn a_secret_is_given_when_decrypted(config: &SdkConfig) -> Check {
    let client = ssm(config);
    let name = format!("{}/secret", path());
    put(&client, &name, "s3cret").await?;
    ensure!(value(&client, &name, true).await? == "s3cret");
    Ok(())
}

pub async fn a_secret_is_hidden_otherwise(config: &SdkConfig) -> Check {
    let client = ssm(config);
    let name = format!("{}/secret", path());
    put(&client, &name, "s3cret").await?;
    ensure!(value(&client, &name, false).await? != "s3cret");
    Ok(())
}

pub async fn a_parameter_is_overwritten_only_when_told_so(config: &SdkConfig) -> Check {
    let client = ssm(config);
    let name = format!("{}/secret", path());
    put(&client, &name, "one").await?;
    let again = client
        .put_parameter()
        .name(&name)
        .value("two")
        .r#type(ParameterType::SecureString);
    ensure!(code(again.clone().send().await) == "ParameterAlreadyExists");
    let overwritten = again.overwrite(true).send().await?;
    ensure!(overwritten.version() == 2);
    ensure!(value(&client, &name, true).await? == "two");
    Ok(())
}

pub async fn parameters_are_found_by_their_path(config: &SdkConfig) -> Check {
    let client = ssm(config);
    let path = path();
    for name in ["a", "b", "deep/c"] {
        put(&client, &format!("{path}/{name}"), name).await?;
    }
    let found = client
        .get_parameters_by_path()
        .path(&path)
        .with_decryption(true)
        .send()
        .await?;
    let mut values: Vec<_> = found
        .parameters()
        .iter()
        .filter_map(|parameter| parameter.value())
        .collect();
    values.sort_unstable();
    ensure!(values == ["a", "b"], "{values:?}");
    let found = client
        .get_parameters_by_path()
        .path(&path)
        .recursive(true)
        .send()
        .await?;
    ensure!(found.parameters().len() == 3);
    Ok(())
}

pub async fn a_deleted_parameter_is_gone(config: &SdkConfig) -> Check {
    let client = ssm(config);
    let name = format!("{}/secret", path());
    put(&client, &name, "one").await?;
    client.delete_parameter().name(&name).send().await?;
    ensure!(code(client.get_parameter().name(&name).send().await) == "ParameterNotFound");
    Ok(())
}
