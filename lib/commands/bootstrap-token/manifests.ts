import { objectName } from '../../model/made-object.ts';
import { renderYaml } from '../../system/yaml.ts';
import { type PlannedObject, refOf } from '../../token/dry-run.ts';

/** What there is to say of an object of a dry run. */
export const stateNotes: Readonly<Partial<Record<PlannedObject['state'], string>>> = {
  'not checked': 'not checked: what it lies in, or refers to, does not exist yet',
  exists: 'exists already',
  replaced: 'exists, and would become this',
};

/** The objects of a dry run as `kubectl apply -f -` takes them. */
export async function renderManifests(planned: readonly PlannedObject[], format: string): Promise<string> {
  const manifests = planned.map(({ manifest }) => manifest);
  switch (format) {
    case 'name':
      return manifests.map((manifest) => `${objectName(refOf(manifest))}\n`).join('');
    case 'json':
      return `${JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests }, undefined, 2)}\n`;
    default:
      return (await Promise.all(planned.map(async (one) => `${remark(one)}${await renderYaml(one.manifest)}`))).join(
        '---\n',
      );
  }
}

function remark({ state }: PlannedObject): string {
  const said = stateNotes[state];
  return said === undefined ? '' : `# ${said}\n`;
}
