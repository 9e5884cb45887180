"""A morning at the sample stall: sells, gives change, and tells how the day goes.

    market_day.py FOLDER     the folder of the shop; it is made when it is not there
"""

import asyncio
import pathlib
import sys
import uuid

import barrow


def money(minor: int, currency: barrow.CurrencyCode) -> str:
    """Writes an amount: the point moves, nothing is calculated."""
    digits = str(abs(minor)).rjust(currency.digits + 1, "0")
    whole, part = digits[: len(digits) - currency.digits], digits[len(digits) - currency.digits :]
    return ("-" if minor < 0 else "") + whole + ("." + part if part else "") + " " + currency.code


async def open_till(folder: pathlib.Path) -> barrow.Till:
    shop, keys = str(folder / "shop"), str(folder / "keys")
    if barrow.has_till(shop):
        return await barrow.Till.open(shop, keys)
    setup = barrow.Setup(name="Market stall", country="DE", language="en")
    return await barrow.Till.found(barrow.FoundRequest(folder=shop, keys_folder=keys, setup=setup, sample=True))


async def sell(till: barrow.Till, words: list[str], given_minor: int | None) -> barrow.DoneView:
    """Sells the first match of each word, paid in cash."""
    cart = uuid.uuid4()
    for word in words:
        tiles = await till.search(word, 1)
        line = barrow.LineDraft(item=barrow.ItemRef.ID(tiles[0].item), merge=True)
        await till.dispatch(uuid.uuid4(), barrow.Command.ADD_LINES(cart=cart, lines=[line]))
    charge = await till.charge(cart)
    assert charge is not None
    cash = charge.tenders[0].id
    paid = await till.dispatch(
        uuid.uuid4(), barrow.Command.TENDER(cart=cart, tender=cash, given_minor=given_minor)
    )
    assert isinstance(paid.view, barrow.View.SALE)
    done = await till.done(paid.view[0].id)
    assert done is not None
    return done


async def main(folder: pathlib.Path) -> None:
    till = await open_till(folder)
    try:
        for words, given in [(["coffee"], None), (["coffee", "croissant"], 1000), (["rye bread"], 2000)]:
            done = await sell(till, words, given)
            back = money(done.change_minor, done.currency)
            print(f"{done.number}  {money(done.total_minor, done.currency)}  give back {back}")
        day = await till.today(None)
        print(f"{day.sales} sales, {money(day.total_minor, day.currency)}")
        for row in day.tenders:
            print(f"  {row.name}: {money(row.amount_minor, day.currency)}")
    finally:
        await till.shut(5000)


if __name__ == "__main__":
    asyncio.run(main(pathlib.Path(sys.argv[1])))
