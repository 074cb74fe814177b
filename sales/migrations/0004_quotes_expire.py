from django.db import migrations, models


class Migration(migrations.Migration):
    """Let quotes say until when they stand, and find the order that was made of one."""

    dependencies = [
        ("sales", "0003_posted_documents"),
    ]

    operations = [
        migrations.AddField(
            model_name="salesdocument",
            name="expiration_date",
            field=models.DateField(blank=True, null=True, verbose_name="valid until"),
        ),
        migrations.AddIndex(
            model_name="salesdocument",
            index=models.Index(
                condition=models.Q(("quote_no", ""), _negated=True), fields=["quote_no"], name="sales_document_quote"
            ),
        ),
        migrations.AddConstraint(
            model_name="salesdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("expiration_date__isnull", True), ("document_type", "sales_quote"), _connector="OR"
                ),
                name="sales_document_only_quotes_expire",
            ),
        ),
    ]
