import { directTemplate, keptMessages, type Outcome, play, type Template, takenMessages } from '../scenario.ts';

function withQueue(change: (properties: { [name: string]: unknown }) => void): Template {
  const template = directTemplate();
  change(template.Resources['Queue'].Properties);
  return template;
}

function attempts(outcome: Outcome): number {
  return outcome.invocations.length;
}

const POISON = [{ messages: ['poison'] }];

test('a good event is taken at once, after the test message that CloudWatch sends first', async () => {
  const outcome = await play(directTemplate(), [{ messages: ['good'] }]);

  expect(outcome.taken).toEqual([{ message: 'good', atMs: 0 }]);
  expect(outcome.ledger.underWay()).toBe(0);
  expect(outcome.metrics.byFunction.get('indexer')).toMatchObject({ received: 1, indexed: 1 });
});

test('what fails is tried again after one minute and after two more, then goes to the bucket', async () => {
  const outcome = await play(directTemplate(), POISON);

  expect(attempts(outcome)).toBe(3);
  expect(outcome.endMs).toBe(180_000);
  expect(keptMessages(outcome)).toEqual(['poison']);
});

test.each([0, 1, 2])('with %i retry attempts it is invoked once more than that', async (retries) => {
  const outcome = await play(
    withQueue((queue) => {
      queue['MaximumRetryAttempts'] = retries;
    }),
    POISON,
  );

  expect(attempts(outcome)).toBe(retries + 1);
});

test('a maximum age shorter than the wait ends it earlier, with that reason', async () => {
  const outcome = await play(
    withQueue((queue) => {
      queue['MaximumEventAgeInSeconds'] = 90;
    }),
    POISON,
  );

  expect(attempts(outcome)).toBe(2);
  expect(outcome.endMs).toBe(90_000);
  expect(JSON.parse([...outcome.objects.values()][0] ?? '').requestContext.condition).toBe('EventAgeExceeded');
});

test('without an on-failure destination the events are gone, and the run says so', async () => {
  const outcome = await play(
    withQueue((queue) => {
      delete queue['DestinationConfig'];
    }),
    POISON,
  );

  expect(outcome.objects.size).toBe(0);
  expect([...outcome.ledger.losses.entries()]).toEqual([[expect.stringContaining('no on-failure destination'), 1]]);
});

test('without any settings Lambda tries three times and forgets', async () => {
  const template = directTemplate();
  delete template.Resources['Queue'];

  const outcome = await play(template, POISON);

  expect(attempts(outcome)).toBe(3);
  expect(outcome.ledger.losses.size).toBe(1);
});

test('the on-failure object is the documented invocation record', async () => {
  const outcome = await play(directTemplate(), POISON);
  const [key = '', body = ''] = [...outcome.objects][0] ?? [];

  expect(key).toMatch(/^aws\/lambda\/async\/indexer\/2026\/11\/21\/2026-11-21T08\.03\.00-[0-9a-f-]{36}$/);
  expect(JSON.parse(body)).toMatchObject({
    version: '1.0',
    timestamp: '2026-11-21T08:03:00.000Z',
    requestContext: {
      functionArn: 'arn:aws:lambda:us-east-1:111122223333:function:indexer:$LATEST',
      condition: 'RetriesExhausted',
      approximateInvokeCount: 3,
    },
    requestPayload: { awslogs: { data: expect.any(String) } },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: { errorType: 'Error', errorMessage: 'poison' },
  });
});

test('without the permission CloudWatch skips the events, and the run says so', async () => {
  const template = directTemplate();
  delete template.Resources['Permission'];

  const outcome = await play(template, [{ messages: ['good'] }]);

  expect(outcome.taken).toEqual([]);
  expect([...outcome.ledger.losses.keys()][0]).toContain('may not invoke');
});

test('a permission for another group is none', async () => {
  const template = directTemplate();
  template.Resources['Permission'].Properties.SourceArn = 'arn:aws:logs:us-east-1:111122223333:log-group:/other:*';

  expect((await play(template, [{ messages: ['good'] }])).taken).toEqual([]);
});

test('a function that runs out of time or falls over has failed, and the next invocation finds a new one', async () => {
  const template = directTemplate();
  // Long enough for a cold start on a machine that has other things to do.
  template.Resources['Indexer'].Properties.Timeout = 3;
  template.Resources['Queue'].Properties.MaximumRetryAttempts = 0;

  const outcome = await play(template, [
    { messages: ['slow'] },
    { atMs: 10_000, messages: ['crash'] },
    { atMs: 20_000, messages: ['good'] },
  ]);

  expect(takenMessages(outcome)).toEqual(['good']);
  expect(keptMessages(outcome)).toEqual(['crash', 'slow']);
  const errors = [...outcome.objects.values()].map((body) => JSON.parse(body).responsePayload.errorType);
  expect(errors.sort()).toEqual(['Runtime.ExitError', 'Sandbox.Timedout']);
  expect(outcome.ledger.attempt('indexer')).toEqual({ events: 3, unreported: 2 });
});

describe('filter patterns', () => {
  const puts = [{ messages: ['ERROR one', 'fine', 'ERROR two'] }];

  test('only matching events are forwarded; without the pattern all are', async () => {
    const template = directTemplate();
    template.Resources['Filter'].Properties.FilterPattern = 'ERROR -two';
    const filtered = await play(template, puts);
    const all = await play(directTemplate(), puts);

    expect(takenMessages(filtered)).toEqual(['ERROR one']);
    expect(filtered.ledger.filters.get('/app all')).toMatchObject({ matched: 1, unmatched: 2 });
    expect(takenMessages(all)).toEqual(['ERROR one', 'ERROR two', 'fine']);
  });

  test('a pattern that is refused names its filter, the pattern and the column', async () => {
    const template = directTemplate();
    template.Resources['Filter'].Properties.FilterPattern = 'a "b';

    await expect(play(template, [])).rejects.toThrow(/Main\/Filter: filter pattern "a \\"b", column 3/);
  });

  test('a third filter on a group is refused, as CloudWatch does', async () => {
    const template = directTemplate();
    for (const name of ['Second', 'Third']) template.Resources[name] = structuredClone(template.Resources['Filter']);

    await expect(play(template, [])).rejects.toThrow('more than 2 subscription filters');
  });
});

describe('the account-level policy', () => {
  function accountTemplate(criteria: string): Template {
    const template = directTemplate();
    delete template.Resources['Filter'];
    template.Resources['Policy'] = {
      Type: 'AWS::Logs::AccountPolicy',
      Properties: {
        PolicyName: 'all-groups',
        PolicyType: 'SUBSCRIPTION_FILTER_POLICY',
        PolicyDocument: { 'Fn::ToJsonString': { DestinationArn: { 'Fn::GetAtt': ['Indexer', 'Arn'] }, FilterPattern: '' } },
        SelectionCriteria: criteria,
      },
    };
    return template;
  }
  const puts = [{ messages: ['a'] }, { group: '/other', messages: ['b'] }, { group: '/left-out', messages: ['c'] }];

  test('takes every group but those that it leaves out', async () => {
    const outcome = await play(accountTemplate('LogGroupName NOT IN ["/left-out"]'), puts);

    expect(takenMessages(outcome)).toEqual(['a', 'b']);
  });

  test('without criteria it takes them all', async () => {
    expect(takenMessages(await play(accountTemplate(''), puts))).toEqual(['a', 'b', 'c']);
  });

  test("it must leave the functions' own groups out, or it would feed itself", async () => {
    expect((await play(accountTemplate(''), [])).selfFed).toEqual(['/aws/lambda/indexer']);
    expect((await play(accountTemplate('LogGroupName NOT IN ["/aws/lambda/indexer"]'), [])).selfFed).toEqual([]);
  });

  test('criteria of another form are refused', async () => {
    await expect(play(accountTemplate('LogGroupName IN ["/app"]'), puts)).rejects.toThrow('LogGroupName NOT IN');
  });
});
