import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import type { ISecurityGroup, ISubnet, IVpc } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, type CfnFunction, Code, Function as LambdaFunction, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { buildSync } from 'esbuild';
import { functionLogGroupName, MAX_FUNCTION_NAME } from '../config/names.ts';
import { bundleOptions } from './bundle-options.ts';
import { checkEnvironment } from './function-environment.ts';
import { FunctionRole } from './function-role.ts';
import { NamedLogGroup } from './named-log-group.ts';

/** Where a function runs if not in Lambda's own network. */
export interface FunctionNetwork {
  readonly vpc: IVpc;
  readonly subnets: ISubnet[];
  readonly securityGroups: ISecurityGroup[];
}

/** Settings that every function of the app shares. */
export interface FunctionDefaults {
  /** Folder of the project: entries are named from here. */
  readonly projectRoot: string;
  /** Key of the function's log group; the environment holds no secret and needs none. */
  readonly encryptionKey?: IKey | undefined;
  /**
   * How long the function's own log is kept.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;
}

/** Settings of one function. */
export interface BundledFunctionProps extends FunctionDefaults {
  /** Name of the function; its log group is `/aws/lambda/<name>`. */
  readonly functionName: string;
  /** Entry from the project's root, such as `lambdas/log-indexer.ts`; it exports `handler`, or the names in `handler`. */
  readonly entry: string;
  /** One sentence for people who find the function in the console. */
  readonly description: string;
  /** Scalars and ARNs; Lambda allows 4 KB in all. */
  readonly environment?: { readonly [name: string]: string };
  /** JSON files that lie beside the bundle, by file name. Lists and rules go here, never into the environment. */
  readonly files?: { readonly [fileName: string]: unknown };
  /** Files that are copied beside the bundle as they are, by file name: where each lies on this machine. */
  readonly copies?: { readonly [fileName: string]: string };
  /**
   * Exported function that Lambda calls.
   *
   * @default 'handler'
   */
  readonly handler?: string;
  /**
   * Memory in MB, 128 to 10,240; CPU grows with it (one core at 1,769 MB).
   *
   * @default 256
   */
  readonly memoryMb?: number;
  /**
   * Longest run of one invocation, at most 15 minutes.
   *
   * @default Duration.minutes(1)
   */
  readonly timeout?: Duration;
  /**
   * Concurrent runs that are set aside for this function and are its maximum.
   *
   * @default - the account's shared pool
   */
  readonly reservedConcurrency?: number | undefined;
  /**
   * A fixed name for the role.
   *
   * @default - CloudFormation makes one up
   */
  readonly roleName?: string;
  /** A role made before the function, where something else needs it first. It must be allowed to write the function's log. */
  readonly role?: FunctionRole;
  /** Default: Lambda's own network. */
  readonly network?: FunctionNetwork | undefined;
}

/** A Lambda function from one TypeScript file: one minified bundle, JSON files beside it, a named log group, a role of its own. */
export class BundledFunction extends Construct {
  readonly function: LambdaFunction;
  readonly functionRole: FunctionRole;
  readonly functionName: string;

  constructor(scope: Construct, id: string, props: BundledFunctionProps) {
    super(scope, id);
    if (!/^[A-Za-z0-9-_]+$/.test(props.functionName) || props.functionName.length > MAX_FUNCTION_NAME) {
      throw new Error(
        `${this.node.path}: functionName must have 1 to ${MAX_FUNCTION_NAME} letters, digits, "-" or "_", got "${props.functionName}"`,
      );
    }
    const memoryMb = props.memoryMb ?? 256;
    if (!Number.isInteger(memoryMb) || memoryMb < 128 || memoryMb > 10_240) {
      throw new Error(`${this.node.path}: memoryMb must be a whole number of 128 to 10240, got ${memoryMb}`);
    }
    const timeout = props.timeout ?? Duration.minutes(1);
    if (timeout.toSeconds() > 900) {
      throw new Error(`${this.node.path}: timeout must be at most 15 minutes, got ${timeout.toHumanString()}`);
    }
    const environment = props.environment ?? {};
    checkEnvironment(this, props.functionName, environment);

    this.functionName = props.functionName;
    const logs = new NamedLogGroup(this, 'Log', {
      logGroupName: functionLogGroupName(props.functionName),
      encryptionKey: props.encryptionKey,
      ...(props.logRetention === undefined ? {} : { retention: props.logRetention }),
    });
    this.functionRole =
      props.role ??
      new FunctionRole(this, 'Execution', {
        logGroupName: logs.logGroupName,
        tracing: true,
        inVpc: props.network !== undefined,
        ...(props.roleName === undefined ? {} : { roleName: props.roleName }),
      });
    this.function = new LambdaFunction(this, 'Function', {
      functionName: props.functionName,
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: bundle(this, props),
      handler: `index.${props.handler ?? 'handler'}`,
      memorySize: memoryMb,
      timeout,
      role: this.functionRole.role,
      logGroup: logs.logGroup,
      loggingFormat: LoggingFormat.TEXT,
      environment: { ...environment },
      ...(props.reservedConcurrency === undefined ? {} : { reservedConcurrentExecutions: props.reservedConcurrency }),
      ...(props.network === undefined
        ? {}
        : {
            vpc: props.network.vpc,
            vpcSubnets: { subnets: props.network.subnets },
            securityGroups: props.network.securityGroups,
          }),
    });
    // Set here and not by the L2's option, which would add a second policy to a role that has the permission.
    (this.function.node.defaultChild as CfnFunction).tracingConfig = { mode: 'Active' };
    // Lambda tries the role's permissions while it makes the function (network interfaces, environment key).
    this.function.node.addDependency(this.functionRole.policy);
  }
}

/**
 * One file by bundle-options.ts, and the JSON files beside it.
 * `cdk ls` and tests ask for no bundling; they get a file that says so instead of 40 ms of esbuild per function.
 */
function bundle(scope: Construct, props: BundledFunctionProps): Code {
  const parent = join(tmpdir(), 'eks-telemetry-bundles');
  mkdirSync(parent, { recursive: true });
  const directory = mkdtempSync(join(parent, 'bundle-'));
  try {
    const outfile = join(directory, 'index.js');
    if (Stack.of(scope).bundlingRequired) {
      buildSync(bundleOptions(props.projectRoot, props.entry, outfile));
    } else {
      writeFileSync(outfile, `throw new Error(${JSON.stringify(`${props.entry} was not bundled: run cdk synth`)});\n`);
    }
    for (const [fileName, content] of Object.entries(props.files ?? {})) {
      writeFileSync(join(directory, fileName), `${JSON.stringify(content)}\n`);
    }
    for (const [fileName, path] of Object.entries(props.copies ?? {})) copyFileSync(path, join(directory, fileName));
    // Staged (copied into cdk.out under the hash of its content) before this function returns.
    return stagedCode(scope, directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function stagedCode(scope: Construct, directory: string): Code {
  const code = Code.fromAsset(directory);
  code.bind(scope);
  return code;
}
