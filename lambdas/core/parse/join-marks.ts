/** Marks by which a line shows that it is part of the record before it. All run in time linear in the line, whatever a program prints. */

const TRACE =
  /^(?:Caused by: |Suppressed: |\.\.\. \d+ |at [\w$.<>/]+\(|--- End of (?:inner exception )?stack trace|stack backtrace:|note: run with `RUST_BACKTRACE|Stack trace:$|#\d+ (?:\/|\{main\}|\[internal )|goroutine \d+ (?:gp=\S{1,20} m=\S{1,20} )?\[[^\]]{1,100}\]:)/;
const CHAINED = /^(?:During handling of the above exception|The above exception was the direct cause)/;
const DUMP_START =
  /^(?:goroutine \d+ |SIG(?:QUIT: quit|ABRT: abort|SEGV: seg|BUS: bus|ILL: ill|FPE: flo|TRAP: trace|SYS: bad)|fatal error: |runtime stack:|PC=0x)/;
const DUMP_LINE =
  /^(?:goroutine \d+ .{0,200}\[|runtime stack:|PC=0x|\[signal |\[originating from |created by |exit status \d|\.\.\.(?:additional|\d+) frames elided|[a-z]{1,6}\d{0,2} +0x[0-9a-f]+$)/;
const GO_STANDARD = /^(?:main|runtime|testing|sync|os|net\/http)\.[A-Za-z(]/;
const GO_HOST = /^(?:[a-z0-9-]+\.){1,5}[a-z]{2,10}$/;
const CLOSER = /^[)\]}]+[,;]?\s*$/;
const OPENER = /^[([{]+\s*$/;

/** Whether a line begins with a blank or a tab. */
export function isIndented(text: string): boolean {
  const c = text.charCodeAt(0);
  return c === 9 || c === 32;
}

/** A line of a stack trace that no program prints for itself: `Caused by: …`, `... 12 more`, `at a.B(C.java:7)` without its tab. */
export function isTraceLine(text: string): boolean {
  return TRACE.test(text);
}

/** What Python writes between two tracebacks of one exception. */
export function isChainedTraceback(text: string): boolean {
  return CHAINED.test(text);
}

/** First line of what Go's runtime prints when it ends a program or is asked for its goroutines. */
export function isDumpStart(text: string): boolean {
  return DUMP_START.test(text);
}

/** A line inside such a dump: blank, indented, a call with its arguments, a register … and nothing that could be a log line. */
export function isDumpLine(text: string): boolean {
  return text === '' || isIndented(text) || DUMP_LINE.test(text) || isGoCall(text);
}

/** `k8s.io/client-go/tools/cache.(*Reflector).Run(0xc0004a2000, {0x1, 0x2})` */
function isGoCall(text: string): boolean {
  if (text.charCodeAt(text.length - 1) !== 41) return false;
  const open = text.indexOf('(');
  if (open < 1 || open > 400) return false;
  const name = text.slice(0, open);
  return name === 'panic' || (name.includes('.') && !name.includes(' '));
}

/**
 * A function's name on a line of its own, as Go's loggers print a stack: `main.main`, `sigs.k8s.io/controller-runtime/pkg/manager.(*cm).Start`. After a
 * path the name must begin with a capital or a bracket, because `example.com/index.html` is written like the rest.
 */
export function isGoFunction(text: string): boolean {
  if (text.length > 500 || text.includes(' ')) return false;
  if (GO_STANDARD.test(text)) return true;
  const slash = text.indexOf('/');
  if (slash < 4 || !GO_HOST.test(text.slice(0, slash))) return false;
  const bracket = text.indexOf('(');
  const dot = text.indexOf('.', text.lastIndexOf('/', bracket < 0 ? text.length : bracket));
  const c = text.charCodeAt(dot + 1);
  return dot > 0 && (c === 40 || (c >= 65 && c <= 90));
}

/** Only closing brackets: the end of what was opened before. */
export function isCloser(text: string): boolean {
  return text.length < 20 && CLOSER.test(text);
}

/** Only opening brackets: the start of a value that goes over lines. */
export function isOpener(text: string): boolean {
  return text.length < 20 && OPENER.test(text);
}

/** Whether a line ends with an opening bracket, so that what it opens is on the lines after. */
export function opensBracket(text: string): boolean {
  const c = text.charCodeAt(text.length - 1);
  return c === 123 || c === 91 || c === 40;
}

/** Whether a line begins with a tag, a comment or a declaration of XML. */
export function isXmlLine(text: string): boolean {
  if (text.charCodeAt(0) !== 60) return false;
  const c = text.charCodeAt(1) | 32;
  return (c >= 97 && c <= 122) || c === 47 || c === 63 || text.charCodeAt(1) === 33;
}

/** Whether a line is `<?xml …?>` alone: the document is on the lines after. */
export function isXmlDeclaration(text: string): boolean {
  return text.startsWith('<?xml ') && text.trimEnd().endsWith('?>') && text.indexOf('<', 1) < 0;
}

/** Elements that a line opens and does not close; negative where it closes more. */
export function openElements(text: string): number {
  let open = 0;
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1)) {
    const c = text.charCodeAt(at + 1);
    if (c === 47) open--;
    else if (((c | 32) >= 97 && (c | 32) <= 122) || c === 95) {
      const end = text.indexOf('>', at);
      if (end < 0) return open + 1;
      if (text.charCodeAt(end - 1) !== 47) open++;
      at = end;
    }
  }
  return open;
}
