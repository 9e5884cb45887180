#!/usr/bin/env python3
"""Plays BlueZ on the bus that DBUS_SYSTEM_BUS_ADDRESS names, with a strict printer in reach.

What it must offer is what btleplug asks for: an adapter, devices that appear while someone listens, services found by
introspection. The printer takes no write longer than its connection carries, forgets what overflows its 2 kB, and has
the wrong services first. Orders come by line on stdin, each answered by a line on stdout:
arrived | say HEX | pause 0|1 | hangup | power 0|1 | range 0|1 | writes
"""

import asyncio
import sys

from dbus_fast import BusType, DBusError, PropertyAccess, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property

READ = PropertyAccess.READ
MTU = 185
MEMORY = 2048
# A little more than the pipe may send without being answered.
DRAIN_PER_SECOND = 6000
PRINTER, HEADPHONES = "AA:BB:CC:DD:EE:01", "AA:BB:CC:DD:EE:02"


def uuid(short):
    return f"0000{short:04x}-0000-1000-8000-00805f9b34fb"


def path_of(address):
    return "/org/bluez/hci0/dev_" + address.replace(":", "_")


class Printer:
    """What the printer knows, whoever connects."""

    def __init__(self):
        self.arrived = bytearray()
        self.writes = []
        self.waiting = 0.0
        self.drained_at = 0.0
        self.goes_on = asyncio.Event()
        self.goes_on.set()

    def unasked(self, value):
        """Takes bytes that nobody waits for: what does not fit is lost."""
        now = asyncio.get_running_loop().time()
        self.waiting = max(0.0, self.waiting - (now - self.drained_at) * DRAIN_PER_SECOND)
        self.drained_at = now
        room = max(0, int(MEMORY - self.waiting))
        self.arrived += value[:room]
        self.waiting += len(value[:room])


class Device(ServiceInterface):
    def __init__(self, world, address, name, strength, ids):
        super().__init__("org.bluez.Device1")
        self.world, self.address, self.name_, self.strength, self.ids = world, address, name, strength, ids
        self.connected = False
        self.ended = asyncio.Event()

    def set_connected(self, connected):
        self.connected = connected
        if not connected:
            self.ended.set()
            self.ended = asyncio.Event()
        self.emit_properties_changed({"Connected": connected, "ServicesResolved": connected})

    @dbus_method()
    async def Connect(self):
        await asyncio.sleep(0.05)
        if not self.world.in_range:
            raise DBusError("org.bluez.Error.Failed", "le-connection-abort-by-local")
        self.set_connected(True)

    @dbus_method()
    def Disconnect(self):
        self.set_connected(False)

    @dbus_property(READ)
    def Address(self) -> "s":
        return self.address

    @dbus_property(READ)
    def AddressType(self) -> "s":
        return "public"

    @dbus_property(READ)
    def Name(self) -> "s":
        return self.name_

    @dbus_property(READ)
    def Alias(self) -> "s":
        return self.name_

    @dbus_property(READ)
    def Paired(self) -> "b":
        return False

    @dbus_property(READ)
    def Trusted(self) -> "b":
        return False

    @dbus_property(READ)
    def Blocked(self) -> "b":
        return False

    @dbus_property(READ)
    def LegacyPairing(self) -> "b":
        return False

    @dbus_property(READ)
    def Connected(self) -> "b":
        return self.connected

    @dbus_property(READ)
    def ServicesResolved(self) -> "b":
        return self.connected

    @dbus_property(READ)
    def RSSI(self) -> "n":
        return self.strength

    @dbus_property(READ)
    def UUIDs(self) -> "as":
        return self.ids


class Service(ServiceInterface):
    def __init__(self, id):
        super().__init__("org.bluez.GattService1")
        self.id = id

    @dbus_property(READ)
    def UUID(self) -> "s":
        return self.id

    @dbus_property(READ)
    def Primary(self) -> "b":
        return True


class Characteristic(ServiceInterface):
    def __init__(self, device, id, flags):
        super().__init__("org.bluez.GattCharacteristic1")
        self.device, self.id, self.flags = device, id, flags
        self.notifying, self.value = False, b""

    @dbus_method()
    async def WriteValue(self, value: "ay", options: "a{sv}"):
        printer, kind = self.device.world.printer, options["type"].value
        if not self.device.connected:
            raise DBusError("org.bluez.Error.Failed", "Not connected")
        if {"request": "write", "command": "write-without-response"}[kind] not in self.flags:
            raise DBusError("org.bluez.Error.NotSupported", kind)
        if len(value) > MTU - 3:
            raise DBusError("org.bluez.Error.InvalidValueLength", str(len(value)))
        if self.id != uuid(0x2AF1):
            return
        printer.writes.append(len(value))
        if kind == "command":
            printer.unasked(bytes(value))
            return
        ended = asyncio.ensure_future(self.device.ended.wait())
        goes_on = asyncio.ensure_future(printer.goes_on.wait())
        await asyncio.wait({ended, goes_on}, return_when=asyncio.FIRST_COMPLETED)
        if not goes_on.done():
            goes_on.cancel()
            raise DBusError("org.bluez.Error.Failed", "Not connected")
        ended.cancel()
        printer.arrived += value

    @dbus_method()
    def StartNotify(self):
        self.notifying = True

    @dbus_method()
    def StopNotify(self):
        self.notifying = False

    @dbus_property(READ)
    def UUID(self) -> "s":
        return self.id

    @dbus_property(READ)
    def Flags(self) -> "as":
        return self.flags

    @dbus_property(READ)
    def MTU(self) -> "q":
        return MTU

    @dbus_property(READ)
    def Value(self) -> "ay":
        return self.value

    def say(self, value):
        for start in range(0, len(value), MTU - 3):
            self.value = value[start : start + MTU - 3]
            if self.notifying and self.device.connected:
                self.emit_properties_changed({"Value": self.value})


class Adapter(ServiceInterface):
    def __init__(self, world):
        super().__init__("org.bluez.Adapter1")
        self.world, self.powered, self.discovering = world, True, False

    @dbus_method()
    def SetDiscoveryFilter(self, filter: "a{sv}"):
        pass

    @dbus_method()
    def StartDiscovery(self):
        if not self.powered:
            raise DBusError("org.bluez.Error.NotReady", "Resource Not Ready")
        self.discovering = True
        asyncio.get_running_loop().call_later(0.1, self.world.appear)

    @dbus_method()
    def StopDiscovery(self):
        self.discovering = False

    @dbus_property(READ)
    def Address(self) -> "s":
        return "00:11:22:33:44:55"

    @dbus_property(READ)
    def AddressType(self) -> "s":
        return "public"

    @dbus_property(READ)
    def Name(self) -> "s":
        return "fake"

    @dbus_property(READ)
    def Alias(self) -> "s":
        return "fake"

    @dbus_property(READ)
    def Modalias(self) -> "s":
        return "usb:v1D6Bp0246d0542"

    @dbus_property(READ)
    def Discovering(self) -> "b":
        return self.discovering

    @dbus_property()
    def Powered(self) -> "b":
        return self.powered

    @Powered.setter
    def Powered(self, powered: "b"):
        self.power(powered)

    def power(self, powered):
        self.powered = powered
        self.emit_properties_changed({"Powered": powered})


class World:
    def __init__(self, bus, answers):
        self.bus, self.printer, self.in_range, self.appeared = bus, Printer(), True, False
        self.adapter = Adapter(self)
        self.device = Device(self, PRINTER, "Printer001", -60, [uuid(0x18F0)])
        self.other = Device(self, HEADPHONES, "Headphones", -40, [])
        writes = ["write", "write-without-response"] if answers else ["write-without-response"]
        self.voice = Characteristic(self.device, uuid(0x2AF0), ["notify"])
        self.services = {
            "service0001": (0x1800, {"char0002": Characteristic(self.device, uuid(0x2A00), ["read", "write"])}),
            "service0010": (0xFFE0, {"char0011": Characteristic(self.device, uuid(0xFFE1), ["write", "notify"])}),
            "service0020": (
                0x18F0,
                {"char0021": self.voice, "char0023": Characteristic(self.device, uuid(0x2AF1), writes)},
            ),
        }

    def appear(self):
        """Is heard, when someone listens and it is near."""
        if self.appeared or not self.in_range or not self.adapter.powered:
            return
        self.appeared = True
        self.bus.export(path_of(HEADPHONES), self.other)
        self.bus.export(path_of(PRINTER), self.device)
        for name, (id, characteristics) in self.services.items():
            service = f"{path_of(PRINTER)}/{name}"
            self.bus.export(service, Service(uuid(id)))
            for child, characteristic in characteristics.items():
                self.bus.export(f"{service}/{child}", characteristic)

    def obey(self, order, word):
        if order == "arrived":
            return self.printer.arrived.hex()
        if order == "writes":
            return " ".join(map(str, self.printer.writes))
        if order == "say":
            self.voice.say(bytes.fromhex(word))
        elif order == "pause":
            (self.printer.goes_on.clear if word == "1" else self.printer.goes_on.set)()
        elif order == "hangup":
            self.device.set_connected(False)
        elif order == "power":
            self.adapter.power(word == "1")
        elif order == "range":
            self.in_range = word == "1"
            if not self.in_range:
                self.device.set_connected(False)
        else:
            return "no such order"
        return "done"


async def main():
    bus = await MessageBus(bus_type=BusType.SYSTEM).connect()
    world = World(bus, sys.argv[1] == "answers")
    bus.export("/org/bluez/hci0", world.adapter)
    await bus.request_name("org.bluez")
    orders = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    print("ready", flush=True)
    while line := await orders.readline():
        order, _, word = line.decode().strip().partition(" ")
        print(world.obey(order, word), flush=True)


asyncio.run(main())
