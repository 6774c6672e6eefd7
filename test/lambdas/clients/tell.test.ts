import { createSecretStore } from '../../../lambdas/clients/secret-store.ts';
import { createTell } from '../../../lambdas/clients/tell.ts';
import { compileNotifier } from '../../../lambdas/core/alerts/notifier-rules.ts';
import { DEFAULT_REDACTION } from '../../../lambdas/core/redact/rule-names.ts';
import { alertOf } from '../core/alerts/support.ts';
import { noticeOf } from '../core/slack/support.ts';

const ARN = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:slack-Ab12Cd';
const notifier = compileNotifier(
  {
    account: '111122223333',
    region: 'us-east-1',
    language: 'en',
    receivers: [{ name: 'platform', kind: 'bot', secretArn: ARN, channel: 'C0123ABCD', sendResolved: true, graph: false, mentions: {} }],
    route: { receiver: 'platform' },
    inhibit: [],
    owners: {},
    storm: { messages: 10, windowMs: 300_000 },
    explanations: [],
    redaction: DEFAULT_REDACTION,
    isInteractive: false,
  },
  0,
);

/** Answers Slack's way: whether the token is the one of now. */
function tellWith(error: string) {
  const tokens = ['xoxb-old', 'xoxb-new'];
  const reads: string[] = [];
  const kept = new Map<string, string>();
  const readSecret = Object.assign(
    async (arn: string): Promise<string> => {
      if (!kept.has(arn)) reads.push(arn);
      const token = kept.get(arn) ?? tokens[reads.length - 1] ?? '';
      kept.set(arn, token);
      return token;
    },
    { forget: (arn: string) => void kept.delete(arn) },
  );
  const tell = createTell(notifier, {
    readSecret,
    http: async ({ headers }) => ({
      status: 200,
      headers: {},
      body: Buffer.from(
        JSON.stringify(
          headers?.['authorization'] === 'Bearer xoxb-new' ? { ok: true, channel: 'C0123ABCD', ts: '1.1' } : { ok: false, error },
        ),
      ),
    }),
    api: 'https://slack.example.com/api',
    now: () => 0,
    sleep: () => Promise.resolve(),
    remainingMs: () => 60_000,
    lookUp: () => Promise.resolve({ kind: 'none' } as never),
  });
  return { tell, reads };
}

test('a token that Slack refuses is read anew before the next try: it may have been rotated', async () => {
  const { reads, tell } = tellWith('token_revoked');

  expect(await tell(noticeOf([alertOf('pods-oom')]))).toMatchObject({ ok: false, reason: 'token_revoked' });
  expect(await tell(noticeOf([alertOf('pods-oom')]))).toMatchObject({ ok: true });
  expect(reads).toEqual([ARN, ARN]);
});

test('a refusal of the message leaves the token as it is', async () => {
  const { reads, tell } = tellWith('is_archived');

  await tell(noticeOf([alertOf('pods-oom')]));
  await tell(noticeOf([alertOf('pods-oom')]));
  expect(reads).toEqual([ARN]);
});

test('the store of secrets can forget one', () => {
  const ports = { env: {}, now: () => 0, random: () => 0, sleep: () => Promise.resolve(), remainingMs: () => 1000 };

  expect(createSecretStore(ports).forget).toBeInstanceOf(Function);
});
