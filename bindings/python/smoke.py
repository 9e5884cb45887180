"""What must hold of the boundary in Python: values, errors, lifetime, what crosses, lent key stores."""

import asyncio
import decimal
import pathlib
import tempfile
import unittest
import uuid

import barrow
import market_day
import stories

NOON_MS = 1_777_723_200_000


class Safe(barrow.KeyStore):
    """Secrets in memory, as a device would keep them."""

    def __init__(self) -> None:
        self.secrets: dict[str, bytes] = {}

    def get(self, name: str) -> bytes | None:
        return self.secrets.get(name)

    def put(self, name: str, secret: bytes) -> None:
        self.secrets[name] = secret


class Forgetful(Safe):
    def put(self, name: str, secret: bytes) -> None:
        pass


class Locked(barrow.KeyStore):
    """A key store that says no, in its own words."""

    def get(self, name: str) -> bytes | None:
        raise barrow.KeyStoreError.Failed("the phone is locked")

    def put(self, name: str, secret: bytes) -> None:
        raise barrow.KeyStoreError.Failed("the phone is locked")


class Broken(barrow.KeyStore):
    """A key store with a bug."""

    def get(self, name: str) -> bytes | None:
        empty: dict[str, bytes] = {}
        return empty[name]

    def put(self, name: str, secret: bytes) -> None:
        raise RuntimeError("a bug in the key store")


class Idle(barrow.Teller):
    """Claims that nothing ever comes of a command."""

    def send(self, till: barrow.Till, id: barrow.CommandId, command: barrow.Command) -> barrow.Outcome:
        return barrow.Outcome(revision=1, durable=True, view=barrow.View.DONE())


class Paper(barrow.BytePipe, barrow.FarEnd):
    """A lent pipe and the printer behind it: both ends in one."""

    def __init__(self) -> None:
        self.paper = b""
        self.words = b""
        self.full = False
        self.gone = False

    def open(self, patience_ms: int) -> None:
        self.gone = False

    def write(self, bytes: bytes, patience_ms: int) -> int:
        if self.gone:
            raise barrow.PipeError.Broken()
        taken = b"" if self.full else bytes[:200]
        self.paper += taken
        return len(taken)

    def read(self, most: int, patience_ms: int) -> bytes:
        if self.gone:
            raise barrow.PipeError.Broken()
        said, self.words = self.words[:most], self.words[most:]
        return said

    def close(self, patience_ms: int) -> None:
        pass

    def arrived(self) -> bytes:
        return self.paper

    def say(self, bytes: bytes) -> bool:
        self.words += bytes
        return True

    def pause(self, paused: bool) -> bool:
        self.full = paused
        return True

    def hang_up(self) -> bool:
        self.gone = True
        return True


class Doubling(Paper):
    def write(self, bytes: bytes, patience_ms: int) -> int:
        return super().write(bytes[:9], patience_ms) and super().write(bytes[:9], patience_ms)


class Case(unittest.IsolatedAsyncioTestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    async def stall(self, keys: barrow.KeyStore | None = None, sample: bool = True) -> barrow.Till:
        setup = barrow.Setup(name="Stall", country="DE", utc_offset_minutes=120)
        request = barrow.FoundRequest(
            folder=str(self.folder / "shop"), keys_folder=str(self.folder / "keys"), setup=setup, sample=sample
        )
        till = await barrow.Till.found(request, keys)
        self.addAsyncCleanup(till.shut, 5000)
        return till

    async def first_tile(self, till: barrow.Till) -> barrow.Tile:
        """Returns a tile that needs nothing but a tap."""
        return next(tile for tile in await till.items("", 0, 60) if tile.kind is barrow.ItemKind.PLAIN)

    async def add(self, till: barrow.Till, cart: uuid.UUID, tile: barrow.Tile) -> barrow.Outcome:
        line = barrow.LineDraft(item=barrow.ItemRef.ID(tile.item), merge=True)
        return await till.dispatch(uuid.uuid4(), barrow.Command.ADD_LINES(cart=cart, lines=[line]))


class Selling(Case):
    async def test_one_item_in_exact_cash_is_a_handful_of_calls(self) -> None:
        till = await self.stall()
        self.assertLessEqual(len(await till.tiles((await till.pages("", 1))[0], -1, 0, 12)), 12)
        tile = await self.first_tile(till)
        cart, before = uuid.uuid4(), barrow.calls()
        added = await self.add(till, cart, tile)
        charge = await till.charge(cart)
        assert charge is not None
        paid = await till.dispatch(uuid.uuid4(), barrow.Command.TENDER(cart=cart, tender=charge.tenders[0].id))
        assert isinstance(paid.view, barrow.View.SALE)
        done = await till.done(paid.view[0].id)
        assert done is not None and isinstance(added.view, barrow.View.CART)
        self.assertLessEqual(barrow.calls() - before, 4)
        self.assertTrue(paid.durable)
        self.assertEqual((done.number, done.total_minor, done.change_minor), ("A-1", charge.total_minor, 0))
        self.assertEqual(added.view[0].piece_count, 1)
        self.assertIn("A-1", await till.receipt_text(done.sale, 42, False))
        self.assertEqual(await till.find_sale("a-1"), done.sale)
        self.assertEqual((await till.today(None)).total_minor, done.total_minor)

    async def test_lists_are_pages(self) -> None:
        till = await self.stall()
        seen: list[uuid.UUID] = []
        after = ("", 0)
        while page := await till.items(after[0], after[1], 7):
            self.assertLessEqual(len(page), 7)
            seen += [tile.item for tile in page]
            after = (page[-1].name, page[-1].no)
        self.assertEqual((len(seen), len(set(seen))), (60, 60))
        stock = await till.stock(0, 7, False)
        self.assertEqual(len(stock.rows), 7)
        self.assertIsNotNone(stock.next)
        self.assertLessEqual(len(await till.search("a", 1_000_000)), 500)

    async def test_the_same_id_is_done_once(self) -> None:
        till = await self.stall()
        tile, cart, id = await self.first_tile(till), uuid.uuid4(), uuid.uuid4()
        line = barrow.LineDraft(item=barrow.ItemRef.ID(tile.item))
        add = barrow.Command.ADD_LINES(cart=cart, lines=[line])
        first, again = await till.dispatch(id, add), await till.dispatch(id, add)
        self.assertEqual((first.revision, first.view), (again.revision, again.view))

    async def test_the_example_sells(self) -> None:
        await market_day.main(self.folder)
        await market_day.main(self.folder)


class Values(Case):
    async def test_ids_and_decimals_cross_exactly(self) -> None:
        till = await self.stall(sample=False)
        item, price = uuid.uuid4(), decimal.Decimal("12345678.12345678")
        settings = (await till.shop()).shop
        taxes = [tax.id for tax in await till.taxes()][:1]
        draft = barrow.ItemDraft(
            id=item,
            face=barrow.Face(sku="X", name="Ünïcode 🍞 \u200fعربي"),
            price=barrow.Price(unit_price=price, currency=settings.currency, taxes=taxes),
        )
        await till.dispatch(uuid.uuid4(), barrow.Command.PUT_ITEMS(items=[draft]))
        sheet = await till.item(item)
        assert sheet is not None
        self.assertEqual((sheet.price.unit_price, sheet.tile.item, sheet.codes), (price, item, []))
        self.assertEqual(sheet.face.name, "Ünïcode 🍞 \u200fعربي")

    async def test_a_number_that_fits_nowhere_is_rejected(self) -> None:
        till = await self.stall()
        tile = await self.first_tile(till)
        for quantity in ["0.1234567", "1e30", "NaN"]:
            line = barrow.LineDraft(item=barrow.ItemRef.ID(tile.item), quantity=decimal.Decimal(quantity))
            with self.assertRaises(barrow.TillError.Rejected) as caught:
                await till.dispatch(uuid.uuid4(), barrow.Command.ADD_LINES(cart=uuid.uuid4(), lines=[line]))
            self.assertIsInstance(caught.exception.rejection, barrow.Rejection.OUT_OF_RANGE)

    async def test_free_answers(self) -> None:
        names = {choice.code: choice.name for choice in barrow.countries("de")}
        self.assertEqual((names["DE"], names["CH"]), ("Deutschland", "Schweiz"))
        self.assertFalse(barrow.has_till(str(self.folder)))
        code = barrow.qr("barrow")
        self.assertEqual(len(code.dark), code.size * code.size)
        self.assertEqual(set(code.dark), {0, 1})
        with self.assertRaises(barrow.TillError.Unavailable):
            barrow.qr("x" * 10_000)


class Errors(Case):
    async def test_a_rejection_has_its_fields_and_its_sentence(self) -> None:
        till = await self.stall()
        with self.assertRaises(barrow.TillError.Rejected) as caught:
            await till.dispatch(uuid.uuid4(), barrow.Command.SCAN(cart=uuid.uuid4(), code="4006381333931"))
        rejection = caught.exception.rejection
        assert isinstance(rejection, barrow.Rejection.UNKNOWN)
        self.assertEqual(rejection.value, "4006381333931")
        self.assertTrue(caught.exception.text().endswith("."))

    async def test_a_folder_without_a_shop_says_so(self) -> None:
        with self.assertRaises(barrow.TillError.Unavailable) as caught:
            await barrow.Till.open(str(self.folder / "none"), str(self.folder / "keys"))
        self.assertTrue(caught.exception.text().endswith("."))

    async def test_two_tills_on_one_folder_are_refused(self) -> None:
        await self.stall()
        with self.assertRaises(barrow.TillError.Unavailable):
            await barrow.Till.open(str(self.folder / "shop"), str(self.folder / "keys"))

    async def test_a_bug_in_the_core_is_an_error_and_the_till_goes_on(self) -> None:
        till = await self.stall()
        for _ in range(6):
            with self.assertRaises(barrow.TillError.Unavailable):
                await till.meet_a_bug()
        self.assertEqual((await till.shop()).till, "Till 1")


class Lifetime(Case):
    async def test_shut_twice_and_used_after(self) -> None:
        till = await self.stall()
        waiting = asyncio.create_task(till.changes(1_000_000))
        await asyncio.sleep(0.05)
        await till.shut(5000)
        self.assertIsNone(await asyncio.wait_for(waiting, 5))
        await till.shut(5000)
        with self.assertRaises(barrow.TillError.Closed):
            await till.shop()
        with self.assertRaises(barrow.TillError.Closed):
            await till.count_cash([])
        with self.assertRaises(barrow.TillError.Closed):
            await till.dispatch(uuid.uuid4(), barrow.Command.RESUME(cart=uuid.uuid4()))
        self.assertIsNone(await till.changes(0))
        again = await barrow.Till.open(str(self.folder / "shop"), str(self.folder / "keys"))
        await again.shut(5000)

    async def test_taps_are_durable_once_it_is_shut(self) -> None:
        till, cart = await self.stall(), uuid.uuid4()
        await self.add(till, cart, await self.first_tile(till))
        await till.shut(5000)
        again = await barrow.Till.open(str(self.folder / "shop"), str(self.folder / "keys"))
        view = await again.cart(cart, 0)
        await again.shut(5000)
        assert view is not None
        self.assertEqual(view.piece_count, 1)

    async def test_a_wait_that_is_given_up_loses_nothing(self) -> None:
        till = await self.stall()
        now = await till.changes(0)
        assert now is not None
        for _ in range(20):
            waiting = asyncio.create_task(till.changes(now.revision))
            await asyncio.sleep(0)
            waiting.cancel()
        readers = [asyncio.create_task(till.changes(now.revision)) for _ in range(2)]
        await self.add(till, uuid.uuid4(), await self.first_tile(till))
        for changes in await asyncio.wait_for(asyncio.gather(*readers), 5):
            assert changes is not None
            self.assertIn(barrow.Topic.CARTS, changes.topics)

    async def test_a_cancelled_command_was_done_or_not_and_can_be_sent_again(self) -> None:
        till, cart = await self.stall(), uuid.uuid4()
        line = barrow.LineDraft(item=barrow.ItemRef.ID((await self.first_tile(till)).item))
        add, ids = barrow.Command.ADD_LINES(cart=cart, lines=[line]), [uuid.uuid4() for _ in range(20)]
        for id in ids:
            sending = asyncio.create_task(till.dispatch(id, add))
            await asyncio.sleep(0)
            sending.cancel()
        for id in ids:
            await till.dispatch(id, add)
        view = await till.cart(cart, 0)
        assert view is not None
        self.assertEqual(view.piece_count, len(ids))


class Keys(Case):
    async def test_a_lent_key_store_keeps_the_laws(self) -> None:
        await barrow.check_key_store(Safe())
        with self.assertRaises(barrow.TillError.Device):
            await barrow.check_key_store(Forgetful())

    async def test_a_till_lives_on_a_lent_key_store(self) -> None:
        safe = Safe()
        till = await self.stall(keys=safe)
        await till.shut(5000)
        self.assertEqual(len(safe.secrets), 3)
        self.assertFalse((self.folder / "keys").exists())
        again = await barrow.Till.open(str(self.folder / "shop"), str(self.folder / "keys"), safe)
        await again.shut(5000)

    async def test_a_key_store_that_throws_is_an_error_with_its_words(self) -> None:
        with self.assertRaises(barrow.TillError.Device) as caught:
            await self.stall(keys=Locked())
        self.assertIn("the phone is locked", caught.exception.text())
        with self.assertRaises(barrow.TillError.Device) as broke:
            await self.stall(keys=Broken())
        self.assertIn("did not answer", broke.exception.text())


class Pipes(Case):
    async def test_a_lent_pipe_keeps_the_laws(self) -> None:
        paper = Paper()
        await barrow.check_byte_pipe(paper, paper)

    async def test_one_that_doubles_is_found(self) -> None:
        doubling = Doubling()
        with self.assertRaises(barrow.TillError.Device) as caught:
            await barrow.check_byte_pipe(doubling, doubling)
        self.assertIn("arrives once", caught.exception.text())


class Files(Case):
    async def test_backup_and_the_way_back(self) -> None:
        till = await self.stall()
        made = await till.backup(str(self.folder / "backups"), "a long passphrase")
        self.assertEqual(pathlib.Path(made.file).stat().st_size, made.bytes)
        self.assertIsNotNone((await till.status()).last_backup_ms)
        self.assertEqual((await till.verify()).problem_count, 0)
        into, keys = str(self.folder / "again"), str(self.folder / "other keys")
        request = barrow.RestoreRequest(file=made.file, into=into, keys_folder=keys, passphrase="another one")
        with self.assertRaises(barrow.TillError.Unavailable):
            await barrow.restore(request)
        request = barrow.RestoreRequest(file=made.file, into=into, keys_folder=keys, passphrase="a long passphrase")
        await barrow.restore(request)
        again = await barrow.Till.open(into, keys)
        self.assertEqual(len(await again.search("coffee", 5)), len(await till.search("coffee", 5)))
        await again.shut(5000)

    async def test_goods_out_and_in(self) -> None:
        till = await self.stall()
        files = await till.export(str(self.folder / "out"))
        items = next(pathlib.Path(file) for file in files if file.endswith("items.csv"))
        report = await till.import_items(items.read_bytes(), True)
        self.assertEqual((report.rows, report.unchanged, report.problem_count), (60, 60, 0))
        wrong = await till.import_items(b"name,price\nTea,abc\n", False)
        self.assertGreater(wrong.problem_count, 0)
        self.assertFalse(wrong.loaded)


class Device(unittest.IsolatedAsyncioTestCase):
    async def test_a_crash_loses_only_taps(self) -> None:
        device = barrow.TestDevice.found(barrow.Setup(name="Stall", country="DE"), NOON_MS)
        till = device.till()
        cart = uuid.uuid4()
        await till.dispatch(uuid.uuid4(), barrow.Command.OPEN_SHIFT(float=barrow.CashCount(amount_minor=5000)))
        self.assertEqual(sum(row.amount_minor for row in device.ledger()), 0)
        device.crash()
        self.assertIn(barrow.LedgerRow(account="Cash box", amount_minor=5000), device.ledger())
        self.assertTrue(device.check_fold())
        device.restart()
        device.set_time(NOON_MS + 86_400_000)
        self.assertEqual((await device.till().today(None)).day, NOON_MS // 86_400_000 + 1)
        self.assertIsNone(await device.till().cart(cart, 0))


class Stories(unittest.IsolatedAsyncioTestCase):
    async def test_every_story_passes_through_python(self) -> None:
        teller = stories.Teller()
        for path in stories.stories():
            with self.subTest(story=path.stem):
                self.assertEqual(await stories.run(path, teller), [])
        self.assertGreater(teller.sent, 500)

    async def test_a_wrong_figure_and_a_teller_that_drops_commands_are_told(self) -> None:
        path = stories.STORIES / "golden_f_reference_basket.json"
        wrong = path.read_text(encoding="utf-8").replace('"total_minor": 2231', '"total_minor": 2232')
        faults = await barrow.run_story(wrong, stories.Teller())
        self.assertTrue(any("is 2231, expected 2232" in fault for fault in faults), faults)
        self.assertNotEqual(await stories.run(path, Idle()), [])


if __name__ == "__main__":
    unittest.main()
