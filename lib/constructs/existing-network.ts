import { Annotations } from 'aws-cdk-lib';
import { type ISubnet, SecurityGroup, Subnet, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { FunctionNetwork } from './bundled-function.ts';

/** Ids of a network that exists already. */
export interface NetworkIds {
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}

/** A network by its ids: nothing is looked up, so synth works without AWS. */
export function existingNetwork(scope: Construct, { vpcId, subnetIds, securityGroupIds }: NetworkIds, region: string): FunctionNetwork {
  return {
    vpc: Vpc.fromVpcAttributes(scope, 'Vpc', { vpcId, availabilityZones: [`${region}a`] }),
    subnets: subnetIds.map((id, position) => existingSubnet(scope, position, id)),
    securityGroups: securityGroupIds.map((id, position) =>
      SecurityGroup.fromSecurityGroupId(scope, `SecurityGroup${position}`, id, { mutable: false }),
    ),
  };
}

/** A subnet by its id. */
export function existingSubnet(scope: Construct, position: number, id: string): ISubnet {
  const subnet = Subnet.fromSubnetId(scope, `Subnet${position}`, id);
  Annotations.of(subnet).acknowledgeWarning('@aws-cdk/aws-ec2:noSubnetRouteTableId', 'Nothing here reads the route table of a subnet.');
  return subnet;
}
