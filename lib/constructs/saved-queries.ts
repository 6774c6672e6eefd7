import { CfnQueryDefinition } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { DeployedQuery } from '../config/query-plan.ts';

/** Settings of the saved queries of one cluster. */
export interface SavedQueriesProps {
  readonly queries: readonly DeployedQuery[];
}

/** Saved Logs Insights queries: one definition each, with its log groups and parameters, found in the console under the folders of its name. */
export class SavedQueries extends Construct {
  constructor(scope: Construct, id: string, props: SavedQueriesProps) {
    super(scope, id);
    for (const { name, definitionName, file, logGroupNames } of props.queries) {
      // A colon stands in no file name of the catalogue, so two names never become one id.
      new CfnQueryDefinition(this, name.replaceAll('/', ':'), {
        name: definitionName,
        queryString: file.query.trim(),
        logGroupNames: [...logGroupNames],
        ...(file.parameters.length === 0
          ? {}
          : {
              parameters: file.parameters.map((parameter) => ({
                name: parameter.name,
                description: parameter.description,
                ...(parameter.defaultValue === undefined ? {} : { defaultValue: parameter.defaultValue }),
              })),
            }),
      });
    }
  }
}
