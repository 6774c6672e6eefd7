import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { LogsApi, QueryState } from './account.ts';

/** An event that Live Tail delivers. */
export interface TailEvent {
  readonly timestampMs: number;
  readonly ingestionMs: number;
  readonly message: string;
  readonly logStream: string;
  readonly logGroup: string;
}

/** CloudWatch Logs by the SDK, which is loaded only when it is needed. */
export async function connectLogs(region: string | undefined): Promise<
  LogsApi & {
    /** ARNs of log groups by name; a name that is none keeps its place as undefined. */
    arnsOf(names: readonly string[]): Promise<readonly (string | undefined)[]>;
    tail(logGroupArns: readonly string[], signal: AbortSignal): AsyncGenerator<TailEvent[]>;
  }
> {
  const sdk = await import('@aws-sdk/client-cloudwatch-logs');
  const client: CloudWatchLogsClient = new sdk.CloudWatchLogsClient({
    ...(region === undefined ? {} : { region }),
    // Live Tail has a host of its own, `stream-…`; an endpoint that somebody set is meant as it stands.
    disableHostPrefix: ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_CLOUDWATCH_LOGS'].some((name) => (process.env[name] ?? '') !== ''),
  });
  return {
    async startQuery({ queryString, logGroups, startSeconds, endSeconds }) {
      // Arns and names need different parameters; a query with SOURCE brings its log groups itself.
      const groups =
        logGroups.length === 0
          ? {}
          : logGroups.some((group) => group.startsWith('arn:'))
            ? { logGroupIdentifiers: [...logGroups] }
            : { logGroupNames: [...logGroups] };
      const { queryId } = await client.send(
        new sdk.StartQueryCommand({ queryString, startTime: startSeconds, endTime: endSeconds, ...groups }),
      );
      if (!queryId) throw new Error('CloudWatch Logs started the query but gave no id');
      return queryId;
    },
    async queryResults(queryId): Promise<QueryState> {
      const answer = await client.send(new sdk.GetQueryResultsCommand({ queryId }));
      return {
        status: answer.status ?? 'Unknown',
        rows: (answer.results ?? []).map((row) => row.map(({ field, value }) => ({ field: field ?? '', value: value ?? '' }))),
        bytesScanned: answer.statistics?.bytesScanned ?? 0,
        recordsScanned: answer.statistics?.recordsScanned ?? 0,
        recordsMatched: answer.statistics?.recordsMatched ?? 0,
      };
    },
    async stopQuery(queryId) {
      try {
        await client.send(new sdk.StopQueryCommand({ queryId }));
      } catch (error) {
        // It ended by itself in the meantime.
        if ((error as Error).name !== 'InvalidParameterException') throw error;
      }
    },
    async savedQueries(name) {
      const found: { name: string; logGroups: string[] }[] = [];
      let nextToken: string | undefined;
      do {
        const page = await client.send(
          new sdk.DescribeQueryDefinitionsCommand({ maxResults: 1000, ...(nextToken === undefined ? {} : { nextToken }) }),
        );
        for (const definition of page.queryDefinitions ?? []) {
          if (definition.name === name || definition.name?.endsWith(`/${name}`))
            found.push({ name: definition.name, logGroups: definition.logGroupNames ?? [] });
        }
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
      return found;
    },
    async arnsOf(names) {
      return Promise.all(
        names.map(async (name) => {
          if (name.startsWith('arn:')) return name.replace(/:\*$/, '');
          const page = await client.send(new sdk.DescribeLogGroupsCommand({ logGroupNamePrefix: name, limit: 50 }));
          return page.logGroups?.find(({ logGroupName }) => logGroupName === name)?.logGroupArn;
        }),
      );
    },
    async *tail(logGroupArns, signal) {
      const answer = await client.send(new sdk.StartLiveTailCommand({ logGroupIdentifiers: [...logGroupArns] }), { abortSignal: signal });
      try {
        for await (const part of answer.responseStream ?? []) {
          if (part.SessionTimeoutException) throw part.SessionTimeoutException;
          if (part.SessionStreamingException) throw part.SessionStreamingException;
          yield (part.sessionUpdate?.sessionResults ?? []).map((event) => ({
            timestampMs: event.timestamp ?? 0,
            ingestionMs: event.ingestionTime ?? 0,
            message: event.message ?? '',
            logStream: event.logStreamName ?? '',
            logGroup: event.logGroupIdentifier ?? '',
          }));
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
  };
}
