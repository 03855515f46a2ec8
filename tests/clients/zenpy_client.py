"""What programs do with zenpy, unmodified, each step asserting on what comes back. Address and token come by its own environment.

Run by tests/steps/clients.py.
"""

import datetime
import os
import pathlib
import sys
import tempfile
import time

from zenpy import Zenpy
from zenpy.lib.api_objects import (
    Comment,
    CustomField,
    Group,
    Identity,
    Organization,
    OrganizationMembership,
    Ticket,
    TicketField,
    User,
    View,
)
from zenpy.lib.exception import APIException, RecordNotFoundException

MOST_SECONDS = 60


def finished(client, job):
    """The job when it has ended."""
    job_id = getattr(job, "id", None) or job["job_status"]["id"]
    end = time.monotonic() + MOST_SECONDS
    while time.monotonic() < end:
        status = client.job_status(id=job_id)
        if status.status in ("completed", "failed", "killed"):
            assert status.status == "completed", (status.status, status.message)
            return status
        time.sleep(0.2)
    raise AssertionError(f"job {job_id} does not end: {status.to_dict()}")


def tickets(client):
    made = client.tickets.create(
        Ticket(subject="Lamp", comment=Comment(body="It does not light."), tags=["lamp"], requester=User(name="Eve", email="eve@shop.example"))
    ).ticket
    assert made.subject == "Lamp" and made.status in ("new", "open"), made.to_dict()
    ticket = client.tickets(id=made.id)
    ticket.priority = "high"
    ticket.comment = Comment(body="On its way.", public=True)
    client.tickets.update(ticket)
    read = client.tickets(id=made.id)
    assert read.priority == "high", read.to_dict()
    said = [comment.body for comment in client.tickets.comments(made.id)]
    assert said == ["It does not light.", "On its way."], said
    kinds = {event["type"] for audit in client.tickets.audits(made.id) for event in audit.events}
    assert {"Create", "Comment", "Change"} <= kinds, kinds
    client.tickets.add_tags(made.id, ["broken"])
    client.tickets.delete_tags(made.id, ["lamp"])
    assert sorted(str(tag) for tag in client.tickets(id=made.id).tags) == ["broken"]
    assert made.id in [ticket.id for ticket in client.search(type="ticket", subject="lamp", status_less_than="closed")]
    assert client.search.count(type="ticket", tags="broken") >= 1
    return made.id


def files(client, number):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "note.txt").write_text("a note\n")
        upload = client.attachments.upload(str(folder / "note.txt"), target_name="note.txt")
        ticket = client.tickets(id=number)
        ticket.comment = Comment(body="See the file.", uploads=[upload.token], public=False)
        client.tickets.update(ticket)
        attached = [a for comment in client.tickets.comments(number) for a in comment.attachments]
        assert [a.file_name for a in attached] == ["note.txt"], attached
        path = client.attachments.download(attached[0].id, str(folder / "back.txt"))
        assert pathlib.Path(path).read_text() == "a note\n"


def bulk(client):
    made = finished(client, client.tickets.create([Ticket(subject=f"Bulk {n}", description="Many at once") for n in range(5)]))
    numbers = [result["id"] if isinstance(result, dict) else result.id for result in made.results]
    assert len(set(numbers)) == 5, made.to_dict()
    many = list(client.tickets(ids=numbers))
    assert sorted(ticket.subject for ticket in many) == [f"Bulk {n}" for n in range(5)]
    for ticket in many:
        ticket.priority = "urgent"
    finished(client, client.tickets.update(many))
    assert {ticket.priority for ticket in client.tickets(ids=numbers)} == {"urgent"}
    listed = [ticket.id for ticket in client.tickets()]
    assert set(numbers) <= set(listed) and len(listed) == len(set(listed)), listed
    client.tickets.delete(client.tickets(id=numbers[0]))
    try:
        client.tickets(id=numbers[0])
        raise AssertionError("a deleted ticket is shown")
    except RecordNotFoundException:
        pass
    assert numbers[0] in [ticket.id for ticket in client.tickets.deleted()]
    finished(client, client.tickets.delete([client.tickets(id=number) for number in numbers[1:3]]))
    assert set(numbers[:3]) <= {ticket.id for ticket in client.tickets.deleted()}
    return numbers[3:]


def merging(client, target, source):
    finished(client, client.tickets.merge(target, source, target_comment="The same", source_comment="See there"))
    assert client.tickets(id=source).status == "closed"


def people(client):
    organization = client.organizations.create(Organization(name="Shop", domain_names=["shop.example"]))
    user = client.users.create_or_update(User(name="Ann", email="ann@shop.example", external_id="ann-1"))
    assert client.users(id=user.id).email == "ann@shop.example"
    assert [found.id for found in client.users.search(external_id="ann-1")] == [user.id]
    identity = client.users.identities.create(user, Identity(type="email", value="ann@home.example"))
    assert "ann@home.example" in [i.value for i in client.users.identities(id=user.id)], identity
    # Her address leads to the one; the other is hers, too.
    other = client.organizations.create(Organization(name="Club"))
    client.organization_memberships.create(OrganizationMembership(user_id=user.id, organization_id=other.id))
    assert other.id in [m.organization_id for m in client.users.organization_memberships(user.id)]
    assert user.id in [member.id for member in client.organizations.users(organization.id)]
    twin = client.users.create(User(name="Ann too", email="ann2@shop.example"))
    assert client.users.merge(twin, user).id == user.id
    gone = client.users.create(User(name="Gone", email="gone@shop.example"))
    client.users.delete(gone)
    assert client.users.me().email
    group = client.groups.create(Group(name="Second line"))
    assert group.id in [g.id for g in client.groups()]
    return user.id


def fields(client):
    field = client.ticket_fields.create(TicketField(type="text", title="Order number"))
    made = client.tickets.create(
        Ticket(subject="With a field", description="A field", custom_fields=[CustomField(id=field.id, value="A-17")])
    ).ticket
    kept = {f["id"]: f["value"] for f in client.tickets(id=made.id).custom_fields}
    assert kept[field.id] == "A-17", kept


def views(client):
    view = client.views.create(
        View(
            title="Urgent",
            all=[{"field": "status", "operator": "less_than", "value": "solved"}, {"field": "priority", "operator": "is", "value": "urgent"}],
        )
    )
    subjects = [ticket.subject for ticket in client.views.tickets(view)]
    assert subjects and all(subject.startswith("Bulk") for subject in subjects), subjects
    assert client.views.count(view).value == len(subjects)


def exports(client, since):
    by_time = [ticket.id for ticket in client.tickets.incremental(start_time=since)]
    by_cursor = [ticket.id for ticket in client.tickets.incremental(start_time=since, paginate_by_time=False)]
    assert by_time and set(by_time) == set(by_cursor), (by_time, by_cursor)
    assert [user.id for user in client.users.incremental(start_time=since)]
    assert [organization.id for organization in client.organizations.incremental(start_time=since)]
    assert list(client.tickets.events(start_time=since))
    return by_time


def main():
    client = Zenpy(subdomain="desk", email="admin@docket.local", token=os.environ["DOCKET_TOKEN"])
    client.disable_caching()
    if sys.argv[1] == "exports":
        since = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=2)
        print(f"zenpy: {len(exports(client, since))} tickets by time and by cursor")
        return
    number = tickets(client)
    files(client, number)
    rest = bulk(client)
    merging(client, *rest)
    people(client)
    fields(client)
    views(client)
    try:
        client.tickets.create(Ticket(subject="No words", comment=Comment(body="")))
        raise AssertionError("a ticket without words was made")
    except APIException as error:
        assert "RecordInvalid" in str(error), error
    print("zenpy: create, read, update, comment, search, list, upload, download, bulk, delete, merge, people, fields, views")


if __name__ == "__main__":
    main()
