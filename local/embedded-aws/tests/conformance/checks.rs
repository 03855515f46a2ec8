//! The list of checks, each a test on the embedded services and a line of the foreign emulator's run.

use std::future::Future;
use std::pin::Pin;

use aws_types::SdkConfig;

use crate::clients::Check;

pub type Run = fn(SdkConfig) -> Pin<Box<dyn Future<Output = Check>>>;

macro_rules! checks {
    ($($module:ident { $($name:ident,)* })*) => {
        /// Every check: its service, its name, how to run it.
        pub const ALL: &[(&str, &str, Run)] = &[
            $($((
                stringify!($module),
                stringify!($name),
                |config| Box::pin(async move { crate::$module::$name(&config).await }),
            ),)*)*
        ];

        $(mod $module {
            $(#[tokio::test]
            async fn $name() {
                let aws = crate::clients::embedded();
                crate::$module::$name(&aws.config("check")).await.expect("the check holds");
            })*
        })*
    };
}

checks! {
    dynamodb {
        an_item_put_is_there,
        a_get_of_a_table_that_is_not_there_is_refused,
        a_failed_condition_gives_the_item_that_stood_there,
        a_counter_gives_its_new_value,
        a_refused_transaction_tells_the_reason_by_position,
        a_refused_transaction_changes_nothing,
        a_transaction_repeated_with_its_token_is_done_once,
        a_token_with_another_transaction_is_a_mismatch,
        a_transaction_may_not_touch_an_item_twice,
        an_index_holds_only_items_with_its_attributes,
        a_query_answers_in_the_order_of_its_sort_key,
        a_query_goes_on_where_its_page_ended,
        a_filter_does_not_change_where_a_page_ends,
        a_batch_get_gives_what_is_there,
        a_batch_write_puts_and_deletes,
        an_empty_key_is_refused,
        a_reserved_word_in_an_expression_is_refused,
        capacity_counts_kilobytes_and_indexes,
        a_list_appended_to_grows,
    }
    sqs {
        a_message_sent_is_received_as_it_was,
        a_received_message_is_hidden_and_counted,
        a_deleted_message_is_gone,
        deleting_again_succeeds,
        a_receipt_that_is_none_is_refused,
        visibility_set_to_zero_shows_the_message_at_once,
        a_message_received_too_often_goes_to_the_dead_letter_queue,
        a_delayed_message_is_counted_as_delayed,
        a_batch_sends_each_entry,
        a_batch_tells_which_entry_failed,
        eleven_entries_are_too_many,
        an_empty_batch_is_refused,
        entries_need_distinct_ids,
        a_batch_deletes_each_entry,
        message_attributes_come_back,
        a_message_beyond_a_megabyte_is_refused,
        characters_that_are_no_text_are_refused,
        a_queue_that_is_not_there_is_refused,
        creating_a_queue_again_gives_the_same_address,
        creating_a_queue_again_with_other_attributes_is_refused,
        a_queue_tells_its_attributes,
        a_purged_queue_is_empty,
        at_most_ten_messages_are_received_at_once,
    }
    s3 {
        an_object_comes_back_with_its_metadata,
        the_etag_is_the_digest,
        a_streamed_upload_comes_back_whole,
        an_empty_object_comes_back_empty,
        a_missing_object_is_told_by_its_code,
        a_missing_bucket_is_told_by_its_code,
        head_tells_of_an_object_without_its_bytes,
        a_copy_keeps_the_metadata,
        a_copy_may_have_metadata_of_its_own,
        a_listing_is_in_order_and_by_prefix,
        a_listing_goes_on_where_its_page_ended,
        a_listing_with_a_delimiter_gathers_folders,
        a_deleted_object_is_gone_and_deleting_again_succeeds,
        many_objects_are_deleted_at_once,
        keys_with_any_characters_come_back,
        an_upload_that_must_be_new_is_refused_over_another,
    }
    ses {
        a_raw_mail_is_accepted_with_an_id,
        a_mail_without_from_is_refused,
        fifty_one_recipients_are_refused,
        the_quota_is_told,
    }
    ssm {
        a_secret_is_given_when_decrypted,
        a_secret_is_hidden_otherwise,
        a_parameter_is_overwritten_only_when_told_so,
        parameters_are_found_by_their_path,
        a_deleted_parameter_is_gone,
    }
}
