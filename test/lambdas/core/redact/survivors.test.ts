import { compileRedaction } from '../../../../lambdas/core/redact/redactor.ts';
import { DEFAULT_REDACTION } from '../../../../lambdas/core/redact/rule-names.ts';

const { text: redact } = compileRedaction(DEFAULT_REDACTION);
const SECRET = 'S3cr3tXy';
const BASIC = 'Ym9iOlMzY3IzdFh5';
const SIGNATURE = '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef';

/** Texts that hold a secret; each is tried alone, in JSON, in JSON inside of JSON, behind a line break, and in an audit event. */
const TEXTS: readonly [string, string, string?][] = [
  ['an XML element', `<password>${SECRET}</password>`],
  ['WS-Security', `<wsse:Password Type="http://example.com/x#PasswordText">${SECRET}</wsse:Password>`],
  ['WS-Security over lines', `<wsse:Password>\n  ${SECRET}\n</wsse:Password>`],
  ['an XML attribute', `<user name="bob" password="${SECRET}"/>`],
  ['a property in XML', `<property name="db.password" value="${SECRET}"/>`],
  ['CDATA', `<client-secret><![CDATA[${SECRET}]]></client-secret>`],
  ['an element inside', `<Password><Value>${SECRET}</Value></Password>`],
  ['an element that is cut', `<password>${SECRET}`],
  ['a member', `{"password":"${SECRET}"}`],
  ['a member’s value', `{"password":{"value":"${SECRET}"}}`],
  ['a member’s plain text', `{"password":{"type":"plain","plain":"${SECRET}"}}`],
  ['a list', `{"tokens":["${SECRET}","${SECRET}"]}`],
  ['secrets', `{"secrets":["${SECRET}"]}`],
  ['a map', `{"passwords":{"bob":"${SECRET}","al":["${SECRET}"]}}`],
  ['a map of maps', `{"credentials":{"prod":{"username":"bob","password":"${SECRET}"}}}`],
  ['a Cookie header', `Cookie: session=${SECRET}; theme=${SECRET}`],
  ['a Set-Cookie header', `Set-Cookie: sid=${SECRET}; Path=/; HttpOnly`],
  ['a cookie in logfmt', `cookie=sid=${SECRET} status=200`],
  ['a quoted cookie in logfmt', `level=info cookie="sid=${SECRET}; a=b" status=200`],
  ['cookies in JSON', `{"cookie":"sid=${SECRET}","headers":{"set-cookie":["a=${SECRET}","b=${SECRET}"]},"cookies":{"sid":"${SECRET}"}}`],
  ['a header of HAR', `{"headers":[{"name":"Cookie","value":"sid=${SECRET}"},{"name":"authorization","value":"Basic ${BASIC}"}]}`],
  ['a token of GitHub', `pushed with ghp_${SECRET}0123456789abcdefABCDEF012345`],
  ['a fine-grained token of GitHub', `github_pat_11ABCDEFG0${SECRET}_abcdefghijklmnopqrstuvwxyz`],
  ['an app’s token of GitHub', `remote gho_${SECRET}0123456789abcdefABCDEF012345 ghs_${SECRET}0123456789abcdefABCDEF012345`],
  ['a token of GitLab', `clone glpat-${SECRET}0123456789ab`],
  ['a token of npm', `publish npm_${SECRET}0123456789abcdefABCDEF012345`],
  ['tokens of Slack', `xoxb-123456789012-${SECRET} xoxp-123456789012-${SECRET} xapp-1-A0-123-${SECRET}`],
  ['keys of Stripe', `charge sk_live_${SECRET}0123456789 rk_live_${SECRET}0123456789`],
  ['a key of Google', `maps AIzaSyA0123456789-${SECRET}0123456789abcdef`],
  ['a webhook of Slack', `post https://hooks.slack.com/services/T0000/B0000/${SECRET} failed`],
  ['a bearer token of EKS', `got k8s-aws-v1.aHR0cHM6${SECRET}Ly9zdHM`],
  [
    'a signed address',
    `GET https://example.com/x?X-Amz-Credential=${SECRET}%2Fus-east-1&X-Amz-Security-Token=${SECRET}&X-Amz-Signature=${SIGNATURE}`,
    SIGNATURE,
  ],
  ['an address', `https://example.com/?a=b&access_token=${SECRET}&x=1`],
  ['a password in an address', `postgres://bob:${SECRET}@db.example.com/x`],
  ['a member over lines', `{"password":\n"${SECRET}"}`],
  ['a member over lines, the colon on the second', `{"password"\n  :\t"${SECRET}"}`],
  ['quotes as .NET escapes them', `{"body":"{\\u0022password\\u0022:\\u0022${SECRET}\\u0022}"}`],
  ['a name and a value in capitals', `{"Name":"DB_PASSWORD","Value":"${SECRET}"}`],
  ['a variable that comes from nowhere else', `{"name": "DB_PASSWORD",\n "valueFrom": null,\n "value": "${SECRET}"}`],
  ['a parameter’s name and value in XML', `<actualParameterName>password</actualParameterName>\n<value>${SECRET}</value>`],
  ['a parameter in XML', `<param name="password">${SECRET}</param>`],
  ['an entry in XML', `<entry key="db.password">${SECRET}</entry>`],
  ['a variable in YAML', `- name: DB_PASSWORD\n  value: ${SECRET}\n- name: x`],
  ['a quoted variable in YAML', `- name: "DB_PASSWORD"\n  value: "${SECRET}"`],
  ['a block of YAML', `password: |\n  first ${SECRET}\n  ${SECRET}\nnext: kept`],
  ['a Secret in YAML', `apiVersion: v1\nkind: Secret\ndata:\n  foo: ${SECRET}\n  bar: |\n    ${SECRET}\ntype: Opaque`],
  ['an address in an address', `next=%2Flogin%3Fpassword%3D${SECRET}%26a%3Db`],
  ['XML in HTML', `&lt;password&gt;${SECRET}&lt;/password&gt;`],
  ['a token in an address', `clone https://${SECRET}0123456789@github.com/x/y`],
  ['a password of mysql in a command', `/exec?command=mysql&command=-p${SECRET}&stdin=true`],
  ['a flag', `mysql --password ${SECRET} db`],
  ['a flag with =', `mysql --password=${SECRET} db`],
  ['a token flag', `kubectl --token ${SECRET} get pods`],
  ['a flag in a list', `{"args":["--user","bob","--password","${SECRET}"]}`],
  ['a flag with = in a list', `{"command":["run","--token=${SECRET}"]}`],
  ['curl', `curl -u bob:${SECRET} https://example.com`],
  ['curl in a list', `["curl","-u","bob:${SECRET}"]`],
  ['exec', `/api/v1/namespaces/d/pods/p/exec?command=mysql&command=--password%3D${SECRET}&stdin=true`],
  ['exec with a flag', `/api/v1/namespaces/d/pods/p/exec?command=mysql&command=--password&command=${SECRET}&stdin=true`],
  ['exec of a shell', `/exec?command=sh&command=-c&command=mysql+--password%3D${SECRET}+db`],
  ['exec with a header', `/exec?command=curl&command=-H&command=Authorization%3A+Bearer+${SECRET}`],
  ['a registry', `{"auths":{"registry.example.com":{"username":"bob","password":"${SECRET}","auth":"${BASIC}"}}}`, BASIC],
  ['a pull secret', `{".dockerconfigjson":"${SECRET}",".dockercfg":"${SECRET}"}`],
  ['a header in a map', `{"headers":{"Authorization":["Basic ${BASIC}"],"Proxy-Authorization":"Basic ${BASIC}"}}`, BASIC],
  ['a header in a list', `["Authorization","Basic ${BASIC}"]`, BASIC],
  ['a proxy’s header', `Proxy-Authorization: Basic ${BASIC}`, BASIC],
  ['a key of AWS', `aws_secret_access_key = ${SECRET}`],
  ['a variable', `{"env":[{"name":"DB_PASSWORD","value":"${SECRET}"},{"value":"${SECRET}","name":"API_TOKEN"}]}`],
  ['a list of Secrets', `{"kind":"SecretList","items":[{"metadata":{"name":"x"},"data":{"a":"${SECRET}"}},{"data":{"b":"${SECRET}"}}]}`],
  [
    'a merge patch',
    `{"objectRef":{"resource":"secrets"},"requestObject":{"data":{"a":null,"b":"${SECRET}"},"stringData":{"c":"${SECRET}"}}}`,
  ],
  [
    'a JSON patch',
    `{"objectRef":{"resource":"secrets"},"requestObject":[{"op":"replace","path":"/data/password","value":"${SECRET}"},{"value":"${SECRET}","op":"add","path":"/data/x"},{"op":"add","path":"/data","value":{"y":"${SECRET}"}}]}`,
  ],
  ['a private key', `-----BEGIN OPENSSH PRIVATE KEY-----\n${SECRET}\n-----END OPENSSH PRIVATE KEY-----\n`],
  ['a PGP key', `-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: x\n\n${SECRET}\n=abcd\n-----END PGP PRIVATE KEY BLOCK-----`],
  ['a key that is cut', `-----BEGIN EC PRIVATE KEY-----\n${SECRET}`],
  ['prose', `password: ${SECRET}, and more`],
  ['a word before another name', 'password: swordfish user: bob', 'swordfish'],
  ['a word at the end', 'password: swordfish', 'swordfish'],
  ['a map of Java', `{password=[${SECRET}], Authorization=[Basic ${BASIC}]}`],
];

const inAudit = (text: string): string =>
  JSON.stringify({
    kind: 'Event',
    verb: 'create',
    requestURI: '/api/v1/namespaces/d/pods',
    objectRef: { resource: 'pods', name: 'p' },
    requestObject: { metadata: { annotations: { note: text } }, spec: { containers: [{ name: 'c', args: ['sh', '-c', text] }] } },
  })
    // As Go's encoder writes them.
    .replaceAll('<', '\\u003c')
    .replaceAll('>', '\\u003e')
    .replaceAll('&', '\\u0026');

describe.each(TEXTS)('%s', (_name, text, secret = SECRET) => {
  test.each<[string, string]>([
    ['goes', text],
    ['goes inside JSON', JSON.stringify({ a: 'b', msg: text, next: 1 })],
    ['goes inside JSON that is a string of JSON', JSON.stringify({ log: `${JSON.stringify({ msg: text, next: 1 })}\n`, next: 1 })],
    ['goes behind a line break', JSON.stringify({ msg: `first\n${text}\nlast` })],
    ['goes in an audit event', inAudit(text)],
    ['goes in logfmt', `time=2026-11-21T08:27:05Z level=info msg=${JSON.stringify(text)} next=1`],
  ])('%s', (_where, whole) => {
    const redacted = redact(whole);

    expect(redacted).not.toContain(secret);
    expect(redacted).not.toContain(BASIC);
    expect(redacted).toContain('[REDACTED:');
    if (whole.startsWith('{"')) expect(() => JSON.parse(redacted)).not.toThrow();
  });
});

test('what is around a secret in XML, a command and an address stays', () => {
  expect(redact(`<a><wsse:Password Type="x">${SECRET}</wsse:Password><user>bob</user></a>`)).toBe(
    '<a><wsse:Password Type="x">[REDACTED:passwordAssignment]</wsse:Password><user>bob</user></a>',
  );
  expect(redact(`/exec?command=mysql&command=--password&command=${SECRET}&stdin=true`)).toBe(
    '/exec?command=mysql&command=--password&command=[REDACTED:passwordAssignment]&stdin=true',
  );
  expect(redact(`mysql --password ${SECRET} db`)).toBe('mysql --password [REDACTED:passwordAssignment] db');
});
