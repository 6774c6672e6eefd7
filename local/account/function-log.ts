import type { FunctionHost, InvocationResult } from '../lambda/function-host.ts';
import type { EventStore } from '../logs/event-store.ts';
import { uuidOf } from '../template/attributes.ts';

/** Writes an invocation into the function's own log group, as the runtime does: time, request id and level in front of what the function prints. */
export function keepFunctionLog(events: EventStore, host: FunctionHost, result: InvocationResult, nowMs: number): void {
  const { requestId } = result;
  const time = new Date(nowMs).toISOString();
  const head = (level: string): string => `${time}\t${requestId}\t${level}\t`;
  const lines = [
    `START RequestId: ${requestId} Version: $LATEST`,
    ...result.lines.map((line) => `${head('INFO')}${line}`),
    ...(result.error ? [`${head('ERROR')}Invoke Error\t${JSON.stringify(result.error)}`] : []),
    `END RequestId: ${requestId}`,
  ];
  events.put(
    `/aws/lambda/${host.spec.name}`,
    `${time.slice(0, 10).replaceAll('-', '/')}/[$LATEST]${uuidOf(host.spec.name).replaceAll('-', '')}`,
    lines.map((message, at) => ({ id: uuidOf(`${requestId}/${at}`), timestamp: nowMs, message })),
  );
}
