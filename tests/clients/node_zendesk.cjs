// What programs do with node-zendesk, unmodified, each step asserting on what comes back. Run by tests/steps/clients.py.
"use strict";
const assert = require("node:assert/strict");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { Readable } = require("node:stream");
const { createClient } = require("node-zendesk");

const client = createClient({
  endpointUri: process.env.DOCKET_API,
  username: "admin@docket.local",
  token: process.env.DOCKET_TOKEN,
});
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const ids = (rows) => rows.map((row) => row.id);

async function finished(answer) {
  const id = answer.job_status?.id ?? answer.result?.job_status?.id ?? answer.result?.id;
  for (let tried = 0; tried < 300; tried += 1) {
    const { result } = await client.jobstatuses.show(id);
    const status = result.job_status ?? result;
    if (["completed", "failed", "killed"].includes(status.status)) {
      assert.equal(status.status, "completed", JSON.stringify(status));
      return status;
    }
    await pause(200);
  }
  throw new Error(`job ${id} does not end`);
}

async function tickets() {
  const { result: made } = await client.tickets.create({
    ticket: { subject: "Kettle", comment: { body: "It leaks." }, requester: { name: "Bo", email: "bo@home.example" }, tags: ["kettle"] },
  });
  assert.equal(made.subject, "Kettle");
  const { result: changed } = await client.tickets.update(made.id, {
    ticket: { status: "pending", priority: "low", comment: { body: "Which one?", public: true } },
  });
  assert.deepEqual([changed.status, changed.priority], ["pending", "low"]);
  const { result: shown } = await client.tickets.show(made.id);
  assert.equal(shown.status, "pending");
  const comments = await client.tickets.getComments(made.id);
  assert.deepEqual(comments.flatMap((page) => page.comments ?? page).map((comment) => comment.body), ["It leaks.", "Which one?"]);
  await client.tickets.update(made.id, { ticket: { additional_tags: ["leak"] } });
  assert.deepEqual((await client.tickets.show(made.id)).result.tags.sort(), ["kettle", "leak"]);
  const found = await client.search.queryAll("type:ticket tags:leak");
  assert.ok(ids(found).includes(made.id));
}

async function bulk() {
  const made = await finished(
    await client.tickets.createMany({ tickets: [1, 2, 3, 4].map((n) => ({ subject: `Node ${n}`, comment: { body: "Many" } })) }),
  );
  const numbers = ids(made.results);
  assert.equal(new Set(numbers).size, 4);
  await finished(await client.tickets.updateMany(numbers, { ticket: { priority: "high" } }));
  const { result: many } = await client.tickets.showMany(numbers);
  assert.deepEqual((many.tickets ?? many).map((ticket) => ticket.priority), ["high", "high", "high", "high"]);
  const all = ids(await client.tickets.list());
  assert.equal(new Set(all).size, all.length);
  assert.ok(numbers.every((number) => all.includes(number)));
  await client.tickets.delete(numbers[0]);
  await assert.rejects(client.tickets.show(numbers[0]));
  await client.tickets.deleteMany(numbers.slice(1, 2));
  await finished(await client.tickets.merge(numbers[2], { ids: [numbers[3]], target_comment: "Same", source_comment: "There" }));
  assert.equal((await client.tickets.show(numbers[3])).result.status, "closed");
}

// `upload` takes the name of a file or a stream. A buffer, which its documentation asks for, it opens as the name of a file, and
// the request never ends, whatever the server.
async function files() {
  const picture = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 255, 10, 13]);
  const first = await client.attachments.upload(Readable.from([picture]), { filename: "lid.png", binary: true });
  const token = first.upload.token;
  assert.ok(token, JSON.stringify(first));
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "docket-node-"));
  try {
    const note = path.join(folder, "note.txt");
    fs.writeFileSync(note, "It drips.");
    const second = await client.attachments.upload(note, { filename: "note.txt", binary: false, token });
    assert.equal(second.upload.token, token);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
  const { result: made } = await client.tickets.create({
    ticket: { subject: "Lid", comment: { body: "See the picture.", uploads: [token] } },
  });
  const pages = await client.tickets.getComments(made.id);
  const [comment] = pages.flatMap((page) => page.comments ?? page);
  const contents = {};
  for (const file of comment.attachments) {
    const { result } = await client.attachments.show(file.id);
    const shown = result.attachment ?? result;
    assert.equal(shown.file_name, file.file_name);
    const answer = await fetch(shown.content_url);
    assert.equal(answer.status, 200, shown.content_url);
    contents[file.file_name] = Buffer.from(await answer.arrayBuffer());
  }
  assert.deepEqual(contents, { "lid.png": picture, "note.txt": Buffer.from("It drips.") });
  const left = await client.attachments.upload(Readable.from([picture]), { filename: "left.png", binary: true });
  await client.attachments.deleteUpload(left.upload.token);
}

async function people() {
  const { result: user } = await client.users.createOrUpdate({ user: { name: "Cy", email: "cy@home.example", external_id: "cy-1" } });
  assert.equal(user.name, "Cy");
  assert.deepEqual(ids(await client.users.search({ external_id: "cy-1" })), [user.id]);
  const { result: organization } = await client.organizations.create({ organization: { name: "Home" } });
  const { result: membership } = await client.organizationmemberships.create({
    user_id: user.id,
    organization_id: organization.id,
  });
  assert.equal(membership.user_id, user.id);
  await client.users.update(user.id, { user: { tags: ["vip"] } });
  assert.deepEqual((await client.users.show(user.id)).result.tags, ["vip"]);
  assert.equal((await client.users.suspend(user.id)).result.suspended, true);
  assert.equal((await client.users.unsuspend(user.id)).result.suspended, false);
  const me = (await client.users.me()).result;
  assert.equal(me.role, "admin");
}

async function lists() {
  for (const area of ["groups", "macros", "triggers", "automations", "views", "ticketfields", "userfields", "organizationfields", "ticketforms", "locales", "brand", "tags"]) {
    const answer = await client[area].list();
    assert.ok(Array.isArray(answer.result ?? answer) || typeof (answer.result ?? answer) === "object", area);
  }
  const { result: view } = await client.views.create({
    view: { title: "High", all: [{ field: "priority", operator: "is", value: "high" }] },
  });
  const { result: count } = await client.views.showCount(view.id);
  assert.ok((count.view_count ?? count).value >= 1, JSON.stringify(count));
}

async function exported() {
  const since = Math.floor(Date.now() / 1000) - 2 * 86_400;
  const tickets = ids(await client.tickets.incremental(since));
  assert.ok(tickets.length > 4 && new Set(tickets).size === tickets.length, String(tickets));
  assert.ok((await client.users.incremental(since)).length > 0);
  return tickets.length;
}

async function main() {
  if (process.argv[2] === "exports") {
    console.log(`node-zendesk: ${await exported()} tickets`);
    return;
  }
  await tickets();
  await files();
  await bulk();
  await people();
  await lists();
  console.log("node-zendesk: create, read, update, comment, files, search, list, page, bulk, delete, merge, people, views");
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
