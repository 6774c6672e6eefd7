import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { ISecurityGroup, ISubnet } from 'aws-cdk-lib/aws-ec2';
import { AccountRootPrincipal, AnyPrincipal, Effect, PolicyDocument, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnResourcePolicy } from 'aws-cdk-lib/aws-logs';
import { CfnDomain } from 'aws-cdk-lib/aws-opensearchservice';
import { Construct } from 'constructs';
import { DOMAIN_LOGS, domainLogGroupName } from '../config/names.ts';
import { acknowledge } from './acknowledge.ts';
import { logGroupArn } from './function-role.ts';
import { NamedLogGroup } from './named-log-group.ts';
import type { SearchTarget } from './search-target.ts';

/** Some nodes of one kind. */
export interface NodeGroup {
  /** Such as `m7g.large.search`. */
  readonly instanceType: string;
  readonly count: number;
}

/** The identity provider by which people sign in to Dashboards. */
export interface SamlSettings {
  readonly entityId: string;
  /** The provider's metadata XML; it holds public keys only. */
  readonly metadata: string;
  /**
   * Attribute that holds the groups.
   *
   * @default 'Role'
   */
  readonly rolesKey?: string;
  /**
   * Attribute that holds the user's name.
   *
   * @default - the subject (NameID)
   */
  readonly subjectKey?: string;
  /**
   * How long a session lasts, in minutes.
   *
   * @default 60
   */
  readonly sessionTimeoutMinutes?: number;
}

/** Settings of the search domain. */
export interface SearchDomainProps {
  readonly domainName: string;
  /** OpenSearch version such as `3.5`. */
  readonly version: string;
  readonly dataNodes: NodeGroup & {
    /** gp3 volume per node, in GiB. */
    readonly volumeGiB: number;
    readonly iops: number;
    /** MiB a second. */
    readonly throughput: number;
  };
  /** Dedicated masters. */
  readonly masterNodes?: NodeGroup | undefined;
  /** Availability zones: 1, 2 or 3. */
  readonly zones: number;
  /** UltraWarm nodes. */
  readonly warm?: NodeGroup | undefined;
  /** Cold storage; needs UltraWarm. */
  readonly cold: boolean;
  /** Absent: a public endpoint behind IAM and fine-grained access control. */
  readonly network?: { readonly subnets: readonly ISubnet[]; readonly securityGroups: readonly ISecurityGroup[] } | undefined;
  /** ARN of the role that may do everything: search-setup's, so that nobody has to keep a password. */
  readonly masterUserArn: string;
  readonly saml?: SamlSettings | undefined;
  /** Key of the domain; absent for the key of AWS. */
  readonly encryptionKey?: IKey | undefined;
  /** Key of its log groups; absent for CloudWatch's own encryption. */
  readonly logGroupKey?: IKey | undefined;
}

/**
 * An OpenSearch domain. Written with the L1: the L2 of this version has no engine mode, sets access and log policies
 * through functions of its own, and wants to look up the zones of subnets, which would need AWS at synth.
 */
export class SearchDomain extends Construct {
  readonly domain: CfnDomain;
  readonly target: SearchTarget;

  constructor(scope: Construct, id: string, props: SearchDomainProps) {
    super(scope, id);
    this.check(props);
    const domainArn = Stack.of(this).formatArn({
      service: 'es',
      resource: 'domain',
      resourceName: props.domainName,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
    const logs = this.domainLogs(props, domainArn);
    this.domain = new CfnDomain(this, 'Domain', {
      domainName: props.domainName,
      engineVersion: `OpenSearch_${props.version}`,
      // The optimized engine has no Dashboards, no SAML and no flat_object, and the mode can never be changed.
      engineMode: 'GENERAL',
      clusterConfig: clusterConfig(props),
      ebsOptions: {
        ebsEnabled: true,
        volumeType: 'gp3',
        volumeSize: props.dataNodes.volumeGiB,
        iops: props.dataNodes.iops,
        throughput: props.dataNodes.throughput,
      },
      encryptionAtRestOptions: {
        enabled: true,
        ...(props.encryptionKey === undefined ? {} : { kmsKeyId: props.encryptionKey.keyArn }),
      },
      nodeToNodeEncryptionOptions: { enabled: true },
      domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: 'Policy-Min-TLS-1-2-PFS-2023-10' },
      advancedSecurityOptions: {
        enabled: true,
        internalUserDatabaseEnabled: false,
        masterUserOptions: { masterUserArn: props.masterUserArn },
        ...(props.saml === undefined ? {} : { samlOptions: samlOptions(props.saml) }),
      },
      accessPolicies: accessPolicy(props, domainArn).toJSON() as object,
      // A bulk request names its indices in its body.
      advancedOptions: { 'rest.action.multi.allow_explicit_index': 'true' },
      logPublishingOptions: logs.options,
      offPeakWindowOptions: { enabled: true, offPeakWindow: { windowStartTime: { hours: 2, minutes: 0 } } },
      softwareUpdateOptions: { autoSoftwareUpdateEnabled: true },
      ...(props.network === undefined
        ? {}
        : {
            vpcOptions: {
              subnetIds: props.network.subnets.slice(0, props.zones).map(({ subnetId }) => subnetId),
              securityGroupIds: props.network.securityGroups.map(({ securityGroupId }) => securityGroupId),
            },
          }),
    });
    // Without this a new version would replace the domain and lose its documents.
    this.domain.cfnOptions.updatePolicy = { enableVersionUpgrade: true };
    this.domain.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.domain.node.addDependency(logs.policy);
    this.target = { endpoint: `https://${this.domain.attrDomainEndpoint}`, domainArn, isExactDomain: true };
    this.acknowledgeFindings(props);
  }

  private domainLogs(
    props: SearchDomainProps,
    domainArn: string,
  ): {
    options: { [log: string]: CfnDomain.LogPublishingOptionProperty };
    policy: CfnResourcePolicy;
  } {
    const options: { [log: string]: CfnDomain.LogPublishingOptionProperty } = {};
    const arns: string[] = [];
    for (const [log, name] of Object.entries(DOMAIN_LOGS)) {
      const group = new NamedLogGroup(this, `${name}-log`, {
        logGroupName: domainLogGroupName(props.domainName, name),
        encryptionKey: props.logGroupKey,
      });
      arns.push(`${logGroupArn(this, group.logGroupName)}:*`);
      options[log] = { enabled: true, cloudWatchLogsLogGroupArn: group.logGroup.logGroupArn };
    }
    // One policy for all four groups: a Region has room for ten.
    const policy = new CfnResourcePolicy(this, 'LogPolicy', {
      policyName: `${props.domainName}-domain-logs`,
      policyDocument: Stack.of(this).toJsonString(
        new PolicyDocument({
          statements: [
            new PolicyStatement({
              sid: 'DomainLogs',
              principals: [new ServicePrincipal('es.amazonaws.com')],
              actions: ['logs:PutLogEvents', 'logs:PutLogEventsBatch', 'logs:CreateLogStream'],
              resources: arns,
              conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account }, ArnLike: { 'aws:SourceArn': domainArn } },
            }),
          ],
        }).toJSON(),
      ),
    });
    return { options, policy };
  }

  private acknowledgeFindings(props: SearchDomainProps): void {
    acknowledge(
      this.domain,
      'AwsSolutions-OS3',
      'Addresses prove nobody: each request is signed by an IAM role (or comes with a SAML session) and fine-grained access control decides per index.',
    );
    if (props.network === undefined) {
      acknowledge(
        this.domain,
        'AwsSolutions-OS1',
        'The config asks for a public endpoint (search.domain.vpc is absent): only signed requests of this account over TLS 1.2 are let in.',
      );
    }
    if (props.masterNodes === undefined) {
      acknowledge(
        this.domain,
        'AwsSolutions-OS4',
        'The config asks for a small domain without dedicated masters (search.domain.masterNodes is absent).',
      );
    }
    if (props.zones < 2) {
      acknowledge(
        this.domain,
        'AwsSolutions-OS7',
        'The config asks for one availability zone (search.domain.zones: 1); CloudWatch keeps the originals.',
      );
    }
    if (props.saml !== undefined) {
      acknowledge(
        this.domain,
        'AwsSolutions-OS5',
        'A browser with a SAML session cannot sign its requests, so the policy lets every request reach fine-grained access control, which refuses those without a session or signature.',
      );
    }
  }

  private check(props: SearchDomainProps): void {
    const fail = (text: string): never => {
      throw new Error(`${this.node.path}: ${text}`);
    };
    if (!/^[a-z][a-z0-9-]{2,27}$/.test(props.domainName))
      fail(`domainName must be 3 to 28 of a-z 0-9 -, starting with a letter, got "${props.domainName}"`);
    if (![1, 2, 3].includes(props.zones)) fail(`zones must be 1, 2 or 3, got ${props.zones}`);
    if (props.dataNodes.count % props.zones !== 0) {
      fail(`dataNodes.count must be a multiple of zones (${props.zones}), got ${props.dataNodes.count}: nodes are spread evenly`);
    }
    if (props.warm !== undefined && props.masterNodes === undefined) fail('warm nodes need dedicated masters');
    if (props.cold && props.warm === undefined) fail('cold storage needs warm nodes');
    if (props.network !== undefined && props.network.subnets.length < props.zones) {
      fail(`a domain in ${props.zones} zones needs a subnet in each, got ${props.network.subnets.length}`);
    }
  }
}

function clusterConfig(props: SearchDomainProps): CfnDomain.ClusterConfigProperty {
  const { dataNodes, masterNodes, warm, zones } = props;
  return {
    instanceType: dataNodes.instanceType,
    instanceCount: dataNodes.count,
    dedicatedMasterEnabled: masterNodes !== undefined,
    ...(masterNodes === undefined ? {} : { dedicatedMasterType: masterNodes.instanceType, dedicatedMasterCount: masterNodes.count }),
    zoneAwarenessEnabled: zones > 1,
    ...(zones > 1 ? { zoneAwarenessConfig: { availabilityZoneCount: zones } } : {}),
    // Standby keeps a third of the nodes idle and asks for two replicas of every index; the config chooses both.
    multiAzWithStandbyEnabled: false,
    warmEnabled: warm !== undefined,
    ...(warm === undefined ? {} : { warmType: warm.instanceType, warmCount: warm.count }),
    ...(warm === undefined ? {} : { coldStorageOptions: { enabled: props.cold } }),
  };
}

function samlOptions(saml: SamlSettings): CfnDomain.SAMLOptionsProperty {
  return {
    enabled: true,
    idp: { entityId: saml.entityId, metadataContent: saml.metadata },
    rolesKey: saml.rolesKey ?? 'Role',
    ...(saml.subjectKey === undefined ? {} : { subjectKey: saml.subjectKey }),
    sessionTimeoutMinutes: saml.sessionTimeoutMinutes ?? 60,
  };
}

/** Roles of this account that their own policies allow; who may do what inside is fine-grained access control's to say. */
function accessPolicy(props: SearchDomainProps, domainArn: string): PolicyDocument {
  return new PolicyDocument({
    statements: [
      new PolicyStatement({
        effect: Effect.ALLOW,
        principals: [props.saml === undefined ? new AccountRootPrincipal() : new AnyPrincipal()],
        actions: ['es:ESHttp*'],
        resources: [`${domainArn}/*`],
      }),
    ],
  });
}
