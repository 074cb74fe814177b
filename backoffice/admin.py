"""The ground floor in the admin: people and series are edited, traces are read, tokens are revoked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple, MultipleChoiceField
from django.http import HttpRequest

from backoffice.models import ApiToken, AuditEntry, IdempotencyRecord, NumberSeries, User
from backoffice.rights import Right, Role, has_right

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Any]
    _DjangoUserAdmin = DjangoUserAdmin[User]
    _UserChangeForm = UserChangeForm[User]
else:  # generic to the type checker only
    _ModelAdmin, _DjangoUserAdmin, _UserChangeForm = admin.ModelAdmin, DjangoUserAdmin, UserChangeForm


class RightsAdmin(_ModelAdmin):
    """Opens by our rights rather than by Django's permissions, and never deletes."""

    view_right: Right
    change_right: Right | None = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Say whether the app shows up."""
        return has_right(request.user, self.view_right)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say whether rows may be read."""
        return has_right(request.user, self.view_right)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say whether rows may be changed."""
        return self.change_right is not None and has_right(request.user, self.change_right)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Say No: rows come about elsewhere."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say No."""
        return False


class _UserForm(_UserChangeForm):
    roles = MultipleChoiceField(choices=Role.choices, required=False, widget=CheckboxSelectMultiple)


@admin.register(User)
class UserAdmin(RightsAdmin, _DjangoUserAdmin):
    """People and their roles. Nobody edits their own, and only a superuser makes another one."""

    view_right = Right.VIEW_USERS
    change_right = Right.MANAGE_USERS
    form = _UserForm
    list_display = ("username", "first_name", "last_name", "role_names", "is_active")
    list_filter = ("is_active",)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "email")}),
        ("Rights", {"fields": ("roles", "is_active", "is_staff", "is_superuser")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    filter_horizontal = ()

    @admin.display(description="roles")
    def role_names(self, user: User) -> str:
        """Return the roles in words."""
        return ", ".join(user.role_labels)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Say whether people may be added."""
        return has_right(request.user, Right.MANAGE_USERS)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Lock what would let people raise themselves."""
        locked: tuple[str, ...] = ("last_login", "date_joined")
        acting = request.user
        if not acting.is_superuser:
            locked += ("is_superuser",)
        if obj is not None and obj.pk == acting.pk:
            locked += ("roles", "is_active", "is_staff", "is_superuser")
        return locked

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Say whether the person may be changed: a superuser only by a superuser."""
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)


@admin.register(ApiToken)
class ApiTokenAdmin(RightsAdmin):
    """Tokens: looked at and revoked, never read or made here."""

    view_right = Right.VIEW_USERS
    list_display = ("prefix", "user", "note", "created_at", "last_used_at", "expires_at", "revoked_at")
    list_select_related = ("user",)
    search_fields = ("prefix", "user__username", "note")
    exclude = ("digest",)
    actions = ("revoke",)

    def get_actions(self, request: HttpRequest) -> Any:
        """Offer the action to who manages people."""
        return super().get_actions(request) if has_right(request.user, Right.MANAGE_USERS) else {}

    @admin.action(description="Revoke the chosen tokens")
    def revoke(self, request: HttpRequest, tokens: QuerySet[ApiToken]) -> None:
        """Close the tokens for good."""
        for token in tokens:
            token.revoke()


@admin.register(NumberSeries)
class NumberSeriesAdmin(RightsAdmin):
    """Prefix and digits of the series; the counters are not touched."""

    view_right = Right.VIEW_NUMBER_SERIES
    change_right = Right.EDIT_NUMBER_SERIES
    list_display = ("code", "description", "prefix", "digits", "gapless", "last_no")
    readonly_fields = ("code", "gapless", "last_no", "sequence_name")


@admin.register(AuditEntry)
class AuditEntryAdmin(RightsAdmin):
    """The audit trail, to be read."""

    view_right = Right.VIEW_AUDIT
    list_display = ("at", "actor_name", "channel", "kind", "document_id", "line_no", "action")
    list_filter = ("channel", "action", "kind")
    search_fields = ("document_id", "actor_name", "request_id")
    show_full_result_count = False


@admin.register(IdempotencyRecord)
class IdempotencyRecordAdmin(RightsAdmin):
    """The answers kept for repeated requests, to be read."""

    view_right = Right.VIEW_AUDIT
    list_display = ("key", "user", "status", "created_at")
    list_select_related = ("user",)
    search_fields = ("key",)
    show_full_result_count = False
