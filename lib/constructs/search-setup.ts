import { createHash } from 'node:crypto';
import { CustomResource, Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { SearchSetup as SearchSetupData } from '../../lambdas/core/index/search-setup.ts';
import { BundledFunction, type FunctionDefaults, type FunctionNetwork } from './bundled-function.ts';
import { CustomResourceProvider } from './custom-resource-provider.ts';
import type { FunctionRole } from './function-role.ts';
import type { SearchTarget } from './search-target.ts';

/** Settings of the custom resource that prepares OpenSearch. */
export interface SearchSetupProps extends FunctionDefaults {
  readonly functionName: string;
  /** Made before the domain, which names it as its master. */
  readonly role: FunctionRole;
  readonly setup: SearchSetupData;
  readonly search: SearchTarget;
  /** Changes when the domain does, so that a new version of OpenSearch is set up again. */
  readonly domainVersion: string;
  readonly network?: FunctionNetwork | undefined;
}

/** Writes templates, lifecycle policies, roles and role mappings before the first document arrives. */
export class SearchSetup extends Construct {
  readonly resource: CustomResource;

  constructor(scope: Construct, id: string, props: SearchSetupProps) {
    super(scope, id);
    const setup = new BundledFunction(this, 'Setup', {
      projectRoot: props.projectRoot,
      encryptionKey: props.encryptionKey,
      functionName: props.functionName,
      role: props.role,
      entry: 'lambdas/search-setup.ts',
      description: 'Custom resource: writes index templates, ISM policies, roles and role mappings into OpenSearch.',
      memoryMb: 512,
      timeout: Duration.minutes(10),
      files: { 'search-setup.json': props.setup },
      environment: { SEARCH_ENDPOINT: props.search.endpoint, SEARCH_HAS_ISM: '1', SEARCH_HAS_SECURITY: '1' },
      network: props.network,
    });
    props.role.allow({
      sid: 'SetUp',
      actions: ['es:ESHttpGet', 'es:ESHttpPut', 'es:ESHttpPost', 'es:ESHttpDelete', 'es:ESHttpHead'],
      resources: [`${props.search.domainArn}/*`],
      why: 'It writes templates, policies, roles and mappings whose names come from the config; the paths below one domain are all of them.',
    });
    const provider = new CustomResourceProvider(this, 'Provider', {
      name: props.functionName,
      onEvent: setup,
      encryptionKey: props.encryptionKey,
    });
    this.resource = new CustomResource(this, 'Resource', {
      resourceType: 'Custom::SearchSetup',
      serviceToken: provider.serviceToken,
      serviceTimeout: Duration.minutes(15),
      properties: {
        Endpoint: props.search.endpoint,
        DomainVersion: props.domainVersion,
        // The setup itself travels in the function's asset; CloudFormation calls only when a property changes.
        SetupHash: createHash('sha256').update(JSON.stringify(props.setup)).digest('hex'),
      },
    });
    // The domain is waited for by its endpoint, which is a property.
    this.resource.node.addDependency(setup.functionRole.policy);
  }
}
