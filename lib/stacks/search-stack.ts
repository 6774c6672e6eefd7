import { CfnOutput } from 'aws-cdk-lib';
import { type ISecurityGroup, Port, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { SearchSetup as SearchSetupData } from '../../lambdas/core/index/search-setup.ts';
import { chatReader } from '../config/chat-rules.ts';
import type { DomainConfig } from '../config/load.ts';
import { functionLogGroupName, roleName, searchSetupName } from '../config/names.ts';
import { partitionOf } from '../config/regions.ts';
import { searchSetupFor } from '../config/search-setup.ts';
import type { FunctionNetwork } from '../constructs/bundled-function.ts';
import { existingSubnet } from '../constructs/existing-network.ts';
import { FunctionRole } from '../constructs/function-role.ts';
import { type SamlSettings, SearchDomain } from '../constructs/search-domain.ts';
import { SearchSetup } from '../constructs/search-setup.ts';
import { existingSearch, type SearchTarget } from '../constructs/search-target.ts';
import { firehoseRoleNames, indexerRoleNames } from './routes.ts';
import type { StorageStack } from './storage-stack.ts';
import { TelemetryStack, type TelemetryStackProps } from './telemetry-stack.ts';

/** What the search stack builds on. */
export interface SearchStackProps extends TelemetryStackProps {
  readonly storage: StorageStack;
}

/** The OpenSearch domain (or the one that is there), and its templates, policies and roles. */
export class SearchStack extends TelemetryStack {
  readonly target: SearchTarget;
  /** Where functions that talk to the domain run; undefined for a public endpoint. */
  readonly network: FunctionNetwork | undefined;

  constructor(scope: Construct, props: SearchStackProps) {
    super(scope, props, {
      nameParts: ['search'],
      description: 'eks-telemetry: the OpenSearch domain with its index templates, lifecycle policies and roles.',
      holdsData: props.config.search.mode === 'managed',
    });
    const { config, storage } = props;
    const { domain } = config.search;
    const networks = this.makeNetworks(props);
    this.network = networks?.functions;

    const functionName = searchSetupName(config.prefix);
    const role = new FunctionRole(this, 'SetupRole', {
      logGroupName: functionLogGroupName(functionName),
      roleName: roleName(config.region, functionName),
      tracing: true,
      inVpc: this.network !== undefined,
    });
    const managed =
      config.search.mode === 'managed'
        ? new SearchDomain(this, 'Search', {
            domainName: domain.name,
            version: domain.version,
            dataNodes: domain.dataNodes,
            masterNodes: domain.masterNodes,
            zones: domain.zones,
            warm: domain.warm,
            cold: domain.cold,
            network: networks?.domain,
            masterUserArn: role.role.roleArn,
            saml: samlOf(domain),
            encryptionKey: storage.dataKey,
            logGroupKey: storage.logGroupKey,
          })
        : undefined;
    this.target = managed?.target ?? existingSearch(config.search.endpoint ?? '', this);
    new SearchSetup(this, 'Setup', {
      projectRoot: props.projectRoot,
      encryptionKey: storage.logGroupKey,
      functionName,
      role,
      setup: setupWithWriters(props),
      search: this.target,
      domainVersion: managed === undefined ? 'existing' : domain.version,
      network: this.network,
    });
    new CfnOutput(this, 'SearchEndpoint', {
      value: this.target.endpoint,
      description: 'OpenSearch endpoint; Dashboards is at /_dashboards.',
    });
    new CfnOutput(this, 'SearchSetupRoleArn', {
      value: role.role.roleArn,
      description: 'Role that sets OpenSearch up. The owner of an existing domain maps it to all_access and security_manager.',
    });
  }

  /** Nothing is looked up: the VPC is known by its ids, so synth works without AWS. */
  private makeNetworks({ config }: SearchStackProps): { functions: FunctionNetwork; domain: FunctionNetwork } | undefined {
    const { domain, existing, mode } = config.search;
    const settings = mode === 'managed' ? domain.vpc : existing.vpc;
    if (settings === undefined) return undefined;
    const vpc = Vpc.fromVpcAttributes(this, 'Vpc', { vpcId: settings.vpcId, availabilityZones: [`${config.region}a`] });
    const subnets = settings.subnetIds.map((id, position) => existingSubnet(this, position, id));
    const given: ISecurityGroup[] = settings.securityGroupIds.map((id, position) =>
      SecurityGroup.fromSecurityGroupId(this, `SecurityGroup${position}`, id),
    );
    if (given.length > 0) {
      const network = { vpc, subnets, securityGroups: given };
      return { functions: network, domain: network };
    }
    const clients = new SecurityGroup(this, 'Clients', { vpc, description: 'Functions of eks-telemetry that talk to OpenSearch.' });
    const server = new SecurityGroup(this, 'Server', { vpc, description: 'OpenSearch domain of eks-telemetry.', allowAllOutbound: false });
    server.addIngressRule(clients, Port.tcp(443), 'HTTPS from the functions');
    return { functions: { vpc, subnets, securityGroups: [clients] }, domain: { vpc, subnets, securityGroups: [server] } };
  }
}

function samlOf({ saml }: DomainConfig): SamlSettings | undefined {
  if (saml === undefined) return undefined;
  const { entityId, metadata, rolesKey, subjectKey, sessionTimeoutMinutes } = saml;
  if (!metadata.ok) throw new Error(`search.domain.saml.metadataFile: ${metadata.what}`);
  return { entityId, metadata: metadata.xml, rolesKey, sessionTimeoutMinutes, ...(subjectKey === undefined ? {} : { subjectKey }) };
}

/** The roles of the indexers and of the worker of the chat are named, not referred to: they are made after the domain that must let them in. */
function setupWithWriters({ config }: SearchStackProps): SearchSetupData {
  const setup = searchSetupFor(config);
  const arnOf = (name: string): string => `arn:${partitionOf(config.region)}:iam::${config.account}:role/${name}`;
  const writers = indexerRoleNames(config).map(arnOf);
  const deliverers = firehoseRoleNames(config).map(arnOf);
  const chat = chatReader(config);
  return {
    ...setup,
    access: { ...setup.access, writers, ...(deliverers.length === 0 ? {} : { deliverers }), ...(chat === undefined ? {} : { chat }) },
  };
}
