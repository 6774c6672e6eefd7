/** Keys of every input, filter and output. */
const INPUT = 'name alias tag log_level mem_buf_limit storage.type storage.pause_on_chunks_overlimit threaded';
const FILTER = 'name alias match match_regex log_level';
const OUTPUT =
  'name alias match match_regex log_level retry_limit storage.total_limit_size workers host port tls tls.verify tls.ca_file tls.vhost net.keepalive net.connect_timeout net.io_timeout';
const AWS = 'region endpoint sts_endpoint role_arn external_id profile auto_retry_requests log_key';

/** Keys of Fluent Bit 5.0.7, by section and plugin, in lower case: those plugins that we render. Anything else is a slip of ours. */
const KEYS: { readonly [section: string]: string } = {
  SERVICE:
    'flush grace log_level daemon parsers_file http_server http_listen http_port health_check hc_errors_count hc_retry_failure_count hc_period storage.path storage.sync storage.checksum storage.metrics storage.max_chunks_up storage.backlog.mem_limit storage.delete_irrecoverable_chunks storage.keep.rejected storage.rejected.path storage.rejected.limit storage.trim_files scheduler.base scheduler.cap multiline_buffer_limit',
  PARSER: 'name format regex time_key time_format time_keep time_offset time_strict time_zone types skip_empty_values logfmt_no_bare_keys',
  MULTILINE_PARSER: 'name type parser key_content key_group key_pattern flush_timeout rule match_string negate',
  'INPUT tail': `${INPUT} path exclude_path path_key offset_key multiline.parser parser db db.sync db.locking db.journal_mode db.compare_filename read_from_head read_newly_discovered_files_from_head ignore_older buffer_chunk_size buffer_max_size skip_long_lines truncate_long_lines skip_empty_lines refresh_interval rotate_wait inotify_watcher static_batch_size`,
  'INPUT systemd': `${INPUT} path systemd_filter systemd_filter_type db db.sync read_from_tail lowercase strip_underscores max_fields max_entries`,
  'INPUT exec': `${INPUT} command parser interval_sec interval_nsec buf_size oneshot`,
  'INPUT kubernetes_events': `${INPUT} kube_url kube_ca_file kube_token_file kube_token_ttl kube_namespace kube_request_limit kube_retention_time interval_sec interval_nsec db db.sync db.locking tls.verify net.tcp_keepalive net.tcp_keepalive_time net.tcp_keepalive_interval net.tcp_keepalive_probes`,
  'FILTER parser': `${FILTER} key_name parser preserve_key reserve_data`,
  'FILTER record_modifier': `${FILTER} record remove_key allowlist_key uuid_key`,
  'FILTER nest': `${FILTER} operation wildcard nest_under nested_under add_prefix remove_prefix`,
  'FILTER kubernetes': `${FILTER} kube_url kube_ca_file kube_token_file kube_tag_prefix regex_parser merge_log merge_log_key keep_log k8s-logging.parser k8s-logging.exclude labels annotations use_kubelet kubelet_host kubelet_port buffer_size kube_meta_cache_ttl cache_use_docker_id tls.verify`,
  'FILTER rewrite_tag': `${FILTER} rule emitter_name emitter_storage.type emitter_mem_buf_limit`,
  'FILTER multiline': `${FILTER} multiline.parser multiline.key_content mode buffer flush_ms emitter_name emitter_storage.type emitter_mem_buf_limit`,
  'FILTER grep': `${FILTER} regex exclude logical_op`,
  'FILTER lua': `${FILTER} call code script time_as_table type_int_key type_array_key protected_mode`,
  'FILTER throttle': `${FILTER} rate window interval print_status`,
  'FILTER modify': `${FILTER} rename add set remove copy condition remove_regex remove_wildcard`,
  'FILTER aws': `${FILTER} imds_version az ec2_instance_id`,
  'OUTPUT cloudwatch_logs': `${OUTPUT} ${AWS} log_group_name log_stream_name log_stream_prefix log_group_template log_stream_template log_format log_retention_days log_group_class auto_create_group extra_user_agent`,
  'OUTPUT kinesis_streams': `${OUTPUT} ${AWS} stream time_key time_key_format compression`,
  'OUTPUT kinesis_firehose': `${OUTPUT} ${AWS} delivery_stream time_key time_key_format compression`,
  'OUTPUT opensearch': `${OUTPUT} index suppress_type_name aws_auth aws_region aws_role_arn aws_service_name logstash_format logstash_prefix logstash_dateformat time_key time_key_nanos buffer_size generate_id id_key write_operation trace_error compress`,
  'OUTPUT s3': `${OUTPUT} ${AWS} bucket s3_key_format static_file_path use_put_object total_file_size upload_timeout compression store_dir store_dir_limit_size quarantine_dir_limit_size retry_exhausted_action json_date_key preserve_data_ordering storage_class`,
  'OUTPUT kafka': `${OUTPUT} brokers topics format timestamp_key message_key message_key_field queue_full_retries aws_msk_iam aws_msk_iam_cluster_arn client_id`,
};

/** Known keys by `SECTION plugin`, or by the section where it has no plugin. */
export const KNOWN_KEYS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(KEYS).map(([section, keys]) => [section, new Set(keys.split(' '))]),
);

/** Multi-line parsers that Fluent Bit brings along; one of the same name in a file is ignored. */
export const BUILT_IN_MULTILINE: ReadonlySet<string> = new Set(['cri', 'docker', 'go', 'java', 'python', 'ruby']);
