// Talks with a server by a client that was generated from its /openapi/v1.json. Ends with 1 at the first answer that is not as expected.
import createClient from "openapi-fetch";
import type { paths } from "./schema.js";

declare const process: { env: Record<string, string | undefined> };

const serial = "typed-1";
const client = createClient<paths>({
  baseUrl: process.env["MAYU_SERVER"] ?? "",
  headers: { Authorization: `Bearer ${process.env["MAYU_TOKEN"]}` },
});

function expect(what: string, actual: unknown, expected: unknown): void {
  if (actual !== expected) {
    throw new Error(`${what} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`);
  }
}

const list = await client.GET("/api/v1/machines", { params: { query: { selector: `serial=${serial}`, fields: "serial,hasRecord", limit: 10 } } });
expect("the number of machines", list.data?.items.length, 1);
expect("the first machine", list.data?.items[0]?.serial, serial);
expect("a field that was not asked for", list.data?.items[0]?.state, undefined);

const machine = await client.GET("/api/v1/machines/{serial}", { params: { path: { serial } } });
expect("the machine's MAC", machine.data?.macAddresses[0], "52:54:00:00:00:01");
const tag = machine.response.headers.get("ETag") ?? "";

const changed = await client.PATCH("/api/v1/machines/{serial}", {
  params: { path: { serial }, header: { "If-Match": tag } },
  body: { cabinet: "7", metadata: ["rack=7"], reason: "moved" },
});
expect("the cabinet", changed.data?.cabinet, "7");

const late = await client.PATCH("/api/v1/machines/{serial}", { params: { path: { serial }, header: { "If-Match": tag } }, body: { cabinet: "8" } });
expect("the status of a change that came late", late.response.status, 412);
expect("its problem", late.error?.title, "The machine was changed meanwhile");

const wrong = await client.PATCH("/api/v1/machines/{serial}", { params: { path: { serial } }, body: { hostname: "Not A Name", notes: "\u0007" } });
expect("the status of a wrong change", wrong.response.status, 400);
expect("its wrong fields", wrong.error?.errors?.map((error) => error.pointer).join(" "), "#/hostname #/notes");

const history = await client.GET("/api/v1/history", { params: { query: { serial, fields: true, limit: 1 } } });
expect("the reason in the history", history.data?.items[0]?.why, "moved");

const unknown = await client.GET("/api/v1/machines/{serial}", { params: { path: { serial: "no/such" } } });
expect("the status of a machine that is not there", unknown.response.status, 404);
expect("the status in its problem", unknown.error?.status, 404);

// Faults that the types find before a request is sent. Nobody calls this.
export async function mistakes(): Promise<void> {
  // @ts-expect-error: there is no such path.
  await client.GET("/api/v1/machine");
  // @ts-expect-error: there is no such parameter.
  await client.GET("/api/v1/machines", { params: { query: { nosuch: "1" } } });
  // @ts-expect-error: the cabinet is a text.
  await client.PATCH("/api/v1/machines/{serial}", { params: { path: { serial } }, body: { cabinet: 7 } });
  // @ts-expect-error: the state is missing.
  await client.PUT("/api/v1/machines/{serial}/state", { params: { path: { serial } }, body: { reason: "why" } });
  // @ts-expect-error: there is no such state.
  await client.PUT("/api/v1/machines/{serial}/state", { params: { path: { serial } }, body: { state: "ready" } });
}

console.log(`talked with ${list.response.url}`);
