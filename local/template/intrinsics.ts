import { isObject, type Json, type JsonObject } from './json.ts';

/** Stands for `AWS::NoValue` while a value is worked out: the member or item that holds it is left out. */
export const NO_VALUE: Json = Object.freeze({ 'local:no-value': true });

/** What an intrinsic function may ask for. */
export interface IntrinsicScope {
  evaluate(value: Json): Json;
  ref(name: string): Json;
  attribute(logicalId: string, attribute: string): Json;
  condition(name: string): boolean;
  mapping(map: string, first: string, second: string): Json | undefined;
  exported(name: string): Json;
  output(stack: string, output: string): Json;
  readonly region: string;
}

type Evaluate = (argument: Json, scope: IntrinsicScope) => Json;

const FUNCTIONS: { readonly [name: string]: Evaluate } = {
  Ref: (argument, scope) => scope.ref(text(argument, 'Ref')),
  Condition: (argument, scope) => scope.condition(text(argument, 'Condition')),
  'Fn::GetAtt': (argument, scope) => {
    const [logicalId, attribute] = typeof argument === 'string' ? splitOnce(argument, '.') : list(argument, 'Fn::GetAtt');
    return scope.attribute(text(logicalId, 'Fn::GetAtt'), text(scope.evaluate(attribute ?? null), 'Fn::GetAtt'));
  },
  'Fn::Join': (argument, scope) => {
    const [separator, items] = list(argument, 'Fn::Join');
    return list(scope.evaluate(items ?? null), 'Fn::Join')
      .map((item) => text(item, 'Fn::Join'))
      .join(text(separator, 'Fn::Join'));
  },
  'Fn::Sub': (argument, scope) => {
    const [template, variables] = typeof argument === 'string' ? [argument, {}] : list(argument, 'Fn::Sub');
    const own = isObject(variables) ? variables : {};
    return text(template, 'Fn::Sub').replace(/\$\{(!?)([^}]+)\}/g, (_whole, literal: string, name: string) => {
      if (literal) return `\${${name}}`;
      if (own[name] !== undefined) return text(scope.evaluate(own[name]), 'Fn::Sub');
      const [logicalId, attribute] = splitOnce(name, '.');
      return text(attribute === undefined ? scope.ref(name) : scope.attribute(logicalId, attribute), 'Fn::Sub');
    });
  },
  'Fn::Select': (argument, scope) => {
    const [index, items] = list(argument, 'Fn::Select');
    const chosen = list(scope.evaluate(items ?? null), 'Fn::Select')[Number(scope.evaluate(index ?? null))];
    if (chosen === undefined) throw new Error(`Fn::Select: no item ${JSON.stringify(index)}`);
    return chosen;
  },
  'Fn::Split': (argument, scope) => {
    const [separator, source] = list(argument, 'Fn::Split');
    return text(scope.evaluate(source ?? null), 'Fn::Split').split(text(separator, 'Fn::Split'));
  },
  'Fn::If': (argument, scope) => {
    const [condition, yes, no] = list(argument, 'Fn::If');
    return scope.evaluate((scope.condition(text(condition, 'Fn::If')) ? yes : no) ?? null);
  },
  'Fn::Equals': (argument, scope) => {
    const [left, right] = list(argument, 'Fn::Equals').map((side) => JSON.stringify(scope.evaluate(side)));
    return left === right;
  },
  'Fn::And': (argument, scope) => list(argument, 'Fn::And').every((item) => scope.evaluate(item) === true),
  'Fn::Or': (argument, scope) => list(argument, 'Fn::Or').some((item) => scope.evaluate(item) === true),
  'Fn::Not': (argument, scope) => scope.evaluate(list(argument, 'Fn::Not')[0] ?? null) !== true,
  'Fn::ImportValue': (argument, scope) => scope.exported(text(scope.evaluate(argument), 'Fn::ImportValue')),
  'Fn::GetStackOutput': (argument, scope) => {
    const wanted = isObject(argument) ? argument : {};
    const output = scope.evaluate(wanted['OutputName'] ?? null);
    return scope.output(text(scope.evaluate(wanted['StackName'] ?? null), 'Fn::GetStackOutput'), text(output, 'Fn::GetStackOutput'));
  },
  'Fn::Base64': (argument, scope) => Buffer.from(text(scope.evaluate(argument), 'Fn::Base64')).toString('base64'),
  'Fn::FindInMap': (argument, scope) => {
    const [map, first, second] = list(argument, 'Fn::FindInMap').map((item) => text(scope.evaluate(item), 'Fn::FindInMap'));
    const found = scope.mapping(map ?? '', first ?? '', second ?? '');
    if (found === undefined) throw new Error(`Fn::FindInMap: nothing at ${map}.${first}.${second}`);
    return scope.evaluate(found);
  },
  'Fn::GetAZs': (_argument, scope) => ['a', 'b', 'c'].map((zone) => `${scope.region}${zone}`),
  'Fn::Length': (argument, scope) => list(scope.evaluate(argument), 'Fn::Length').length,
  'Fn::ToJsonString': (argument, scope) => JSON.stringify(scope.evaluate(argument)),
};

/** Whether an object is a call of a function: one member, named `Ref`, `Condition` or `Fn::…`. */
export function isIntrinsic(value: JsonObject): boolean {
  const keys = Object.keys(value);
  const key = keys[0];
  if (keys.length !== 1 || key === undefined) return false;
  // A policy's `Condition` holds an object; the function takes a name.
  return key === 'Ref' || key.startsWith('Fn::') || (key === 'Condition' && typeof value[key] === 'string');
}

/** Works out a call. Throws for a function that is not known: guessing would wire something that a deploy would not. */
export function evaluateIntrinsic(value: JsonObject, scope: IntrinsicScope): Json {
  const [name, argument] = Object.entries(value)[0] ?? ['', null];
  const evaluate = FUNCTIONS[name];
  if (!evaluate) throw new Error(`the local run does not know the intrinsic function ${name}`);
  return evaluate(argument, scope);
}

function text(value: Json | undefined, where: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Error(`${where}: expected text, found ${JSON.stringify(value)}`);
}

function list(value: Json, where: string): readonly Json[] {
  if (Array.isArray(value)) return value as readonly Json[];
  throw new Error(`${where}: expected a list, found ${JSON.stringify(value)}`);
}

function splitOnce(value: string, separator: string): [string, string | undefined] {
  const at = value.indexOf(separator);
  return at < 0 ? [value, undefined] : [value.slice(0, at), value.slice(at + separator.length)];
}
