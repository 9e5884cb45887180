#!/usr/bin/env python3
"""Prints the results of scripts/bench as Markdown, one section a measure, Barrow beside its peers.

usage: bench-table.py results.jsonl
"""
import json
import sys

rows = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8") if line.strip().startswith("{")]
titles = {
    "W5": "Durable sale of three lines",
    "W3": "Full repricing of a cart (microseconds)",
    "tap": "A tap on a cart of 20 lines, command to view (microseconds)",
    "build": "Building the catalogue",
    "W2": "Search, milliseconds p50 / p99",
    "memory": "Memory after 1,000 sales",
    "W6": "From process start, milliseconds",
    "replay": "The year of trade",
    "kernel": "The year of trade through the kernel alone",
    "verify": "Verification",
    "window-start": "The window: from process start to the first frame, best / median / worst milliseconds",
    "window-tap": "The window: a tap on a quick key to the new total drawn, p50 / p95 / p99 milliseconds",
    "window-search": "The window: a letter to its results drawn, p50 / p95 / p99 milliseconds",
    "window-receipts": "The window: memory while receipts go by",
    "window-heap": "The window: memory after sales",
}


def cell(value):
    if isinstance(value, dict):
        if "median" in value:
            return f"{value['best']} / {value['median']} / {value['worst']}"
        if "p95" in value:
            return f"{value['p50']} / {value['p95']} / {value['p99']}"
        if "p50" in value:
            return f"{value['p50']} / {value['p99']}"
        if "p50_us" in value:
            return f"{value['p50_us']} / {value['p99_us']}"
        return json.dumps(value)
    return str(value)


for kind in [*titles, *sorted({row.get("w", "replay") for row in rows} - set(titles))]:
    part = [row for row in rows if row.get("w", "replay") == kind]
    if not part:
        continue
    hidden = {"w", "kinds", "exact", "roundings", "ledger"}
    keys = [key for key in dict.fromkeys(key for row in part for key in row) if key not in hidden]
    print(f"\n### {titles.get(kind, kind)}\n")
    print("| " + " | ".join(keys) + " |")
    print("|" + "---|" * len(keys))
    for row in part:
        print("| " + " | ".join(cell(row.get(key, "")) for key in keys) + " |")
