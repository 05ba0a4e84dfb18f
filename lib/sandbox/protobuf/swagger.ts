import type { OpenApiSchema, OpenApiSchemas, SwaggerDocument } from '../discovery/openapi.ts';
import { writeField } from './wire.ts';

/** The form in which Go clients ask for version 2 of OpenAPI (gnostic: openapiv2/OpenAPIv2.proto). */
export function encodeSwagger({ swagger, info, definitions }: SwaggerDocument): Buffer {
  return message([
    [1, swagger],
    [
      2,
      message([
        [1, info.title],
        [2, info.version],
      ]),
    ],
    [8, ''],
    [9, named(definitions)],
  ]);
}

type Fields = readonly (readonly [number: number, value: string | Buffer | undefined])[];

function message(fields: Fields): Buffer {
  return Buffer.concat(fields.map(([number, value]) => writeField(number, value)));
}

/** Schemas by name: of a document, or the properties of a type. */
function named(schemas: OpenApiSchemas): Buffer {
  const entries = Object.entries(schemas);
  return message(
    entries.map(([name, schema]) => [
      1,
      message([
        [1, name],
        [2, schemaOf(schema)],
      ]),
    ]),
  );
}

function schemaOf(schema: OpenApiSchema): Buffer {
  const { $ref, additionalProperties, enum: values = [], format, items, properties, required = [], type } = schema;
  const extensions = Object.entries(schema).filter(([key]) => key.startsWith('x-'));
  return message([
    [1, text($ref)],
    [2, text(format)],
    ...(required as string[]).map((name) => [19, name] as const),
    ...(values as unknown[]).map((value) => [20, any(value)] as const),
    [21, within(additionalProperties)],
    [22, typeof type === 'string' ? message([[1, type]]) : undefined],
    [23, within(items)],
    [25, properties === undefined ? undefined : named(properties as OpenApiSchemas)],
    ...extensions.map(
      ([name, value]) =>
        [
          31,
          message([
            [1, name],
            [2, any(value)],
          ]),
        ] as const,
    ),
  ]);
}

function within(schema: unknown): Buffer | undefined {
  return schema === undefined ? undefined : message([[1, schemaOf(schema as OpenApiSchema)]]);
}

/** As YAML, which JSON is. */
function any(value: unknown): Buffer {
  return message([[2, JSON.stringify(value)]]);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
