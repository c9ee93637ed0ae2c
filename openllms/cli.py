"""The command `openllms`: fetch and list models, keep the catalogue, examine the installation."""

from typing import Annotated

import typer

from openllms import doctor as examination

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    help="The models of the course, and whether everything is in place.",
)


@app.command()
def fetch(
    names: Annotated[
        list[str] | None, typer.Argument(help="Names of models; the default model if none.")
    ] = None,
    progress: Annotated[bool, typer.Option(help="Show progress bars.")] = True,
) -> None:
    """Fetch models into the cache; what is there already is checked, every byte of it."""
    from openllms import models

    for name in names or [models.DEFAULT]:
        try:
            typer.echo(f"{name}: {models.fetch(name, progress=progress)}")
        except models.ModelError as error:
            typer.echo(f"openllms: {error}", err=True)
            raise typer.Exit(1) from error


@app.command(name="list")
def list_() -> None:
    """List the models that the course knows, and which of them are here."""
    from openllms import models

    for name, entry in models.registry().items():
        here = "here" if models.folder(name) else "not fetched"
        typer.echo(f"{name}  ({here})")
        typer.echo(
            f"    {entry.architecture}, {entry.parameters:,} parameters, {entry.licence}, "
            f"{entry.bytes / 1e6:.0f} MB from {entry.source}"
        )
        typer.echo(f"    {entry.card}")
        if entry.note:
            typer.echo(f"    {entry.note}")


@app.command()
def catalog(
    stale: Annotated[
        int | None,
        typer.Option(help="List what nobody has read for more than this many days.", min=0),
    ] = None,
) -> None:
    """Count the catalogue's releases by year, or list those whose sources are due to be read."""
    from openllms import catalog as facts

    if stale is None:
        years = facts.table().released.str[:4].fillna("no date").value_counts().sort_index()
        for year, count in years.items():
            typer.echo(f"{year}  {count}")
        return
    due = facts.stale(stale)
    for name, row in due.iterrows():
        typer.echo(f"{row.read}  {row.age} days  {name}\n    {row.sources}")
    known = sum(1 for _ in facts.entries())
    typer.echo(f"{len(due)} of {known} entries were last read more than {stale} days ago.")


@app.command()
def doctor(
    missing: Annotated[
        bool, typer.Option("--missing", help="Print the missing requirements alone, one a line.")
    ] = False,
) -> None:
    """Say what is installed, what is missing, whether there is room, and how to mend it."""
    if not missing:
        raise typer.Exit(examination.report())
    absent = examination.missing()
    typer.echo("".join(f"{requirement}\n" for requirement in absent), nl=False)
    raise typer.Exit(1 if absent else 0)
