import type { Assembly, StackTemplate } from './assembly.ts';
import { type ResourceIdentity, resourceAttribute, resourceRef } from './attributes.ts';
import { evaluateIntrinsic, isIntrinsic, NO_VALUE } from './intrinsics.ts';
import { isObject, type Json, type JsonObject, listAt, objectAt, textAt } from './json.ts';

/** A resource with every intrinsic function in its properties worked out. */
export interface Resource extends ResourceIdentity {
  /** CDK's construct path, or `stack/logicalId`: how the report names it. */
  readonly path: string;
  /** Logical ids that it waits for, of its own stack. */
  readonly dependsOn: readonly string[];
}

/** Attributes that a custom resource's function returned (`Data`), and its physical id. */
export interface CustomResult {
  readonly physicalId: string;
  readonly data: JsonObject;
}

/** Values that only exist once something ran: asked for by `stack/logicalId`. */
export type CustomResults = ReadonlyMap<string, CustomResult>;

/** Works out the resources of all stacks, across stacks, as CloudFormation would. */
export class Resolver {
  readonly #stacks: ReadonlyMap<string, StackTemplate>;
  readonly #custom: CustomResults;
  readonly #resources = new Map<string, Resource>();
  readonly #underWay: string[] = [];
  readonly #asked = new Set<string>();

  constructor(assembly: Assembly, custom: CustomResults = new Map()) {
    this.#stacks = new Map(assembly.stacks.map((stack) => [stack.name, stack]));
    this.#custom = custom;
  }

  /** Every resource whose condition holds, in template order. `skip` leaves types out whose values are not known yet. */
  resources(only: (type: string) => boolean = () => true): Resource[] {
    const found: Resource[] = [];
    for (const stack of this.#stacks.values()) {
      for (const [logicalId, raw] of Object.entries(objectAt(stack.template, 'Resources'))) {
        if (only(textAt(raw, 'Type') ?? '') && this.#exists(stack, raw)) found.push(this.resource(stack.name, logicalId));
      }
    }
    return found;
  }

  /** Types of all resources with their paths, without working out any property. */
  inventory(): { readonly stack: string; readonly logicalId: string; readonly type: string; readonly path: string }[] {
    return [...this.#stacks.values()].flatMap((stack) =>
      Object.entries(objectAt(stack.template, 'Resources'))
        .filter(([, raw]) => this.#exists(stack, raw))
        .map(([logicalId, raw]) => ({
          stack: stack.name,
          logicalId,
          type: textAt(raw, 'Type') ?? '',
          path: pathOf(stack, logicalId, raw),
        })),
    );
  }

  /** One resource of a stack. */
  resource(stackName: string, logicalId: string): Resource {
    const key = `${stackName}/${logicalId}`;
    const known = this.#resources.get(key);
    if (known) return known;
    const stack = this.#stack(stackName);
    const raw = objectAt(stack.template, 'Resources')[logicalId];
    if (!isObject(raw)) throw new Error(`${key}: the template has no such resource`);
    if (this.#underWay.includes(key)) throw new Error(`circular reference: ${[...this.#underWay, key].join(' -> ')}`);
    this.#underWay.push(key);
    const properties = this.#value(stack, objectAt(raw, 'Properties'));
    this.#underWay.pop();
    const dependsOn = raw['DependsOn'];
    const resource: Resource = {
      stack: stack.name,
      account: stack.account,
      region: stack.region,
      logicalId,
      type: textAt(raw, 'Type') ?? '',
      properties: isObject(properties) ? properties : {},
      path: pathOf(stack, logicalId, raw),
      dependsOn: typeof dependsOn === 'string' ? [dependsOn] : listAt(raw, 'DependsOn').filter((id) => typeof id === 'string'),
    };
    this.#resources.set(key, resource);
    return resource;
  }

  /** Attributes that were asked for and that this machine cannot know; each stands in the model as `local:<path>.<attribute>`. */
  get placeholders(): readonly string[] {
    return [...this.#asked];
  }

  #value(stack: StackTemplate, value: Json): Json {
    if (Array.isArray(value)) {
      return (value as readonly Json[]).map((item) => this.#value(stack, item)).filter((item) => item !== NO_VALUE);
    }
    if (typeof value === 'string') return this.#dynamicReferences(stack, value);
    if (!isObject(value)) return value;
    if (isIntrinsic(value)) {
      return evaluateIntrinsic(value, {
        evaluate: (inner) => this.#value(stack, inner),
        ref: (name) => this.#ref(stack, name),
        attribute: (logicalId, attribute) => this.#attribute(stack, logicalId, attribute),
        condition: (name) => this.#condition(stack, name),
        mapping: (map, first, second) => objectAt(objectAt(objectAt(stack.template, 'Mappings'), map), first)[second],
        exported: (name) => this.#exported(name),
        output: (stackName, output) => this.#output(this.#stack(stackName), output),
        region: stack.region,
      });
    }
    const entries = Object.entries(value).map(([key, member]) => [key, this.#value(stack, member)] as const);
    return Object.fromEntries(entries.filter(([, member]) => member !== NO_VALUE));
  }

  #ref(stack: StackTemplate, name: string): Json {
    switch (name) {
      case 'AWS::AccountId':
        return stack.account;
      case 'AWS::Region':
        return stack.region;
      case 'AWS::Partition':
        return 'aws';
      case 'AWS::StackName':
        return stack.name;
      case 'AWS::StackId':
        return `arn:aws:cloudformation:${stack.region}:${stack.account}:stack/${stack.name}/local`;
      case 'AWS::URLSuffix':
        return 'amazonaws.com';
      case 'AWS::NotificationARNs':
        return [];
      case 'AWS::NoValue':
        return NO_VALUE;
    }
    const parameter = objectAt(stack.template, 'Parameters')[name];
    if (parameter !== undefined) return this.#parameter(stack, name, parameter);
    const custom = this.#custom.get(`${stack.name}/${name}`);
    return custom ? custom.physicalId : resourceRef(this.resource(stack.name, name));
  }

  #parameter(stack: StackTemplate, name: string, parameter: Json): Json {
    const fallback = isObject(parameter) ? parameter['Default'] : undefined;
    if (fallback === undefined) throw new Error(`stack ${stack.name}: parameter ${name} has no default, so a deploy would ask for it`);
    if (!textAt(parameter, 'Type')?.startsWith('AWS::SSM::Parameter::Value')) return fallback;
    return this.#ssmParameter(String(fallback)) ?? this.#placeholder(`${stack.name}/${name}`, 'ssm');
  }

  #attribute(stack: StackTemplate, logicalId: string, attribute: string): Json {
    const custom = this.#custom.get(`${stack.name}/${logicalId}`);
    if (custom) {
      const value = custom.data[attribute];
      if (value === undefined) throw new Error(`${stack.name}/${logicalId}: its function returned no attribute "${attribute}"`);
      return value;
    }
    const resource = this.resource(stack.name, logicalId);
    return resourceAttribute(resource, attribute) ?? this.#placeholder(resource.path, attribute);
  }

  #condition(stack: StackTemplate, name: string): boolean {
    const condition = objectAt(stack.template, 'Conditions')[name];
    if (condition === undefined) throw new Error(`stack ${stack.name}: no condition ${name}`);
    return this.#value(stack, condition) === true;
  }

  #exported(name: string): Json {
    for (const stack of this.#stacks.values()) {
      for (const output of Object.values(objectAt(stack.template, 'Outputs'))) {
        const exportName = objectAt(output, 'Export')['Name'];
        if (exportName !== undefined && this.#value(stack, exportName) === name)
          return this.#value(stack, isObject(output) ? (output['Value'] ?? null) : null);
      }
    }
    throw new Error(`no stack exports "${name}"`);
  }

  #output(stack: StackTemplate, name: string): Json {
    const output = objectAt(stack.template, 'Outputs')[name];
    if (!isObject(output)) throw new Error(`stack ${stack.name} has no output ${name}`);
    return this.#value(stack, output['Value'] ?? null);
  }

  #dynamicReferences(stack: StackTemplate, text: string): string {
    if (!text.includes('{{resolve:')) return text;
    return text.replace(/\{\{resolve:([^:}]+):([^:}]+)(?::[^}]*)?\}\}/g, (_whole, service: string, name: string) => {
      const value = service === 'ssm' ? this.#ssmParameter(name) : undefined;
      return value ?? this.#placeholder(`${stack.name}/${service}`, name);
    });
  }

  #ssmParameter(name: string): string | undefined {
    const parameters = this.resources((type) => type === 'AWS::SSM::Parameter');
    return textAt(parameters.find((parameter) => resourceRef(parameter) === name)?.properties, 'Value');
  }

  #placeholder(path: string, attribute: string): string {
    const text = `local:${path}.${attribute}`;
    this.#asked.add(text);
    return text;
  }

  #exists(stack: StackTemplate, raw: Json): boolean {
    const condition = textAt(raw, 'Condition');
    return condition === undefined || this.#condition(stack, condition);
  }

  #stack(name: string): StackTemplate {
    const stack = this.#stacks.get(name);
    if (!stack) throw new Error(`no stack ${name} in the assembly`);
    return stack;
  }
}

function pathOf(stack: StackTemplate, logicalId: string, raw: Json): string {
  return textAt(objectAt(raw, 'Metadata'), 'aws:cdk:path')?.replace(/\/Resource$/, '') ?? `${stack.name}/${logicalId}`;
}
