/** One regular expression of 37 groups that knows all fields of today, as people write it for Athena: what parsing alone is compared with. */
const LINE =
  /^([^ ]*) ([^ ]*) ([^ ]*) ([^ ]*):([0-9]*) ([^ ]*)[:-]([0-9]*) ([-.0-9]*) ([-.0-9]*) ([-.0-9]*) (|[-0-9]*) (-|[-0-9]*) ([-0-9]*) ([-0-9]*) "([^ ]*) (.*) (- |[^ ]*)" "([^"]*)" ([^ ]+) ([^ ]*) ([^ ]*) "([^"]*)" "([^"]*)" "([^"]*)" ([-.0-9]*) ([^ ]*) "([^"]*)" "([^"]*)" "([^"]*)" "([^"]*)" "([^"]*)" "([^"]*)" "([^"]*)"(?: ([^ "]+))?(?: "([^"]*)" "([^"]*)" "([^"]*)")?( .*)?$/;

/** A line as an object by that expression; null where it does not match. */
export function parseByRegex(line: string): object | null {
  const m = LINE.exec(line);
  if (m === null) return null;
  return {
    type: m[1],
    time: m[2],
    elb: m[3],
    client_ip: m[4],
    client_port: Number(m[5]),
    target_ip: m[6],
    target_port: Number(m[7]),
    request_processing_time: Number(m[8]),
    target_processing_time: Number(m[9]),
    response_processing_time: Number(m[10]),
    elb_status_code: Number(m[11]),
    target_status_code: m[12],
    received_bytes: Number(m[13]),
    sent_bytes: Number(m[14]),
    request_verb: m[15],
    request_url: m[16],
    request_proto: m[17],
    user_agent: m[18],
    ssl_cipher: m[19],
    ssl_protocol: m[20],
    target_group_arn: m[21],
    trace_id: m[22],
    domain_name: m[23],
    chosen_cert_arn: m[24],
    matched_rule_priority: Number(m[25]),
    request_creation_time: m[26],
    actions_executed: m[27],
    redirect_url: m[28],
    error_reason: m[29],
    target_port_list: m[30],
    target_status_code_list: m[31],
    classification: m[32],
    classification_reason: m[33],
    conn_trace_id: m[34],
    transformed_host: m[35],
    transformed_uri: m[36],
    request_transform_status: m[37],
    rest: m[38],
  };
}
