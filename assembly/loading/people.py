"""The people of the demo company, one for each role. Their passwords are no secret: for demos only."""

from __future__ import annotations

from dataclasses import dataclass

from backoffice.models import User
from backoffice.rights import Role
from backoffice.transactions import act


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPerson:
    """Somebody who can sign in to the demo."""

    username: str
    first_name: str
    last_name: str
    role: Role
    is_superuser: bool = False

    @property
    def password(self) -> str:
        """Return the password that the demo sets."""
        return f"kitwright-{self.username}"


DEMO_PEOPLE = (
    DemoPerson(username="admin", first_name="Ada", last_name="Brandt", role=Role.ADMINISTRATOR, is_superuser=True),
    DemoPerson(username="clerk", first_name="Clara", last_name="Lindqvist", role=Role.CLERK),
    DemoPerson(username="assembler", first_name="Amir", last_name="Rossi", role=Role.ASSEMBLY_WORKER),
    DemoPerson(username="planner", first_name="Paula", last_name="Novak", role=Role.PLANNER),
    DemoPerson(username="integrator", first_name="Web", last_name="Shop", role=Role.INTEGRATOR),
    DemoPerson(username="auditor", first_name="Otto", last_name="Keller", role=Role.AUDITOR),
)


@act
def create_demo_people() -> int:
    """Create those who are not there yet, and return how many; nobody's password is changed."""
    known = set(User.objects.values_list("username", flat=True))
    new = [person for person in DEMO_PEOPLE if person.username not in known]
    for person in new:
        user = User(
            username=person.username,
            first_name=person.first_name,
            last_name=person.last_name,
            roles=[person.role],
            is_staff=person.is_superuser,
            is_superuser=person.is_superuser,
        )
        user.set_password(person.password)
        user.save()
    return len(new)
