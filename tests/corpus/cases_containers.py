"""Files in gz and zip, whole, broken, lying, and with members that would leave their folder."""

from __future__ import annotations

import bz2
import io
import lzma
import tarfile
from datetime import date

from data.reasons import RowReason
from tests.corpus.case import GOOD, PLAIN, POISON, POISONED, Case, duplicate, good, raw, refused, rows, table, taken, text
from tests.corpus.forged import changed, cut, flagged, flipped, gz, lying_zip, pack
from tests.corpus.forms import book, zipped
from tests.corpus.old_books import old_book

BAD = table(",".join(POISON) + "\n")
PLAIN_DAY = rows("texts", PLAIN)
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89" + bytes(40)
EXE = (
    b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + bytes(48) + b"This program cannot be run in DOS mode.\r\n$" + bytes(200)
)
HTML = "<!DOCTYPE html><html><body><table><tr><td>时间</td><td>街道</td></tr></table></body></html>".encode()
MAC = b"\x00\x00\x00\x01Bud1\x00\x00\x10\x00\xff\xfe\x80\x80\xff" + bytes(200)
RAR = b"Rar!\x1a\x07\x01\x00" + bytes(64)
SEVEN = b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(64)
DOCX = zipped({"[Content_Types].xml": "<Types/>", "_rels/.rels": "<Relationships/>", "word/document.xml": "<w:document/>"})


def tar(day: date) -> bytes:
    """Return a tar of a drop."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        content = BAD(day)
        info = tarfile.TarInfo("day.csv")
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
    return target.getvalue()


def outside(name: str, member: str) -> Case:
    """Return a case of a zip with a member that would leave the folder."""
    return refused(name, "texts", pack({"day.csv": BAD, member: BAD}), "BAD_NAME", "日报_{c}.zip")


def _renamed() -> list[Case]:
    """Files of kinds that no feed takes, under the name of one that it does; told by their bytes."""
    kinds = {
        "pdf": PDF, "png": PNG, "exe": EXE, "html": HTML, "rar": RAR, "7z": SEVEN, "docx": DOCX, "bz2": bz2.compress(POISONED.encode()),
        "xz": lzma.compress(POISONED.encode()),
    }  # fmt: skip
    cases = [refused(f"{kind}_renamed_csv", "texts", raw(content), "UNSUPPORTED_TYPE") for kind, content in kinds.items()]
    cases += [refused(f"{kind}_renamed_xlsx", "books", raw(kinds[kind]), "UNSUPPORTED_TYPE") for kind in ("pdf", "html", "docx", "png")]
    cases += [refused(f"{kind}_renamed_json", "trees", raw(kinds[kind]), "UNSUPPORTED_TYPE") for kind in ("pdf", "html")]
    cases += [refused(f"{kind}_renamed_jsonl", "lines", raw(kinds[kind]), "UNSUPPORTED_TYPE") for kind in ("png", "docx")]
    cases += [refused(f"{kind}_renamed_parquet", "columns", raw(kinds[kind]), "UNSUPPORTED_TYPE") for kind in ("pdf", "exe")]
    word = old_book(["时间"], stream="WordDocument")
    return [
        *cases,
        refused("tar_renamed_csv", "texts", tar, "UNSUPPORTED_TYPE"),
        refused("doc_renamed_xls", "books", word, "UNSUPPORTED_TYPE", "日报_{c}.xls"),
        refused("csv_for_a_workbook", "books", BAD, "UNSUPPORTED_TYPE"),
        refused("csv_for_parquet", "columns", BAD, "UNSUPPORTED_TYPE"),
        refused("parquet_for_text", "texts", rows("columns", POISON), "UNSUPPORTED_TYPE"),
        refused("workbook_for_text", "texts", rows("books", POISON), "UNSUPPORTED_TYPE"),
        refused("workbook_for_json", "trees", rows("books", POISON), "UNSUPPORTED_TYPE"),
        refused("old_workbook_for_text", "texts", old_book(["时间"], ["x"]), "UNSUPPORTED_TYPE", "日报_{c}.csv"),
        # The bytes decide, not the name: a department that renames its export still sent a good one.
        taken("text_named_xlsx", "texts", PLAIN_DAY, 1, file="日报_{c}.xlsx"),
        taken("text_named_gz", "texts", PLAIN_DAY, 1, file="日报_{c}.csv.gz"),
        taken("text_without_extension", "texts", PLAIN_DAY, 1, file="日报"),
        taken("workbook_named_csv", "books", rows("books", PLAIN), 1, file="日报_{c}.csv"),
    ]


def _gzip() -> list[Case]:
    whole = gz(BAD)
    return [
        taken("gz", "texts", gz(PLAIN_DAY), 1, file="日报_{c}.csv.gz", kept={"m0": {"amount": "4.25", "street": "S2"}}),
        taken("gz_without_its_name", "texts", gz(PLAIN_DAY), 1),
        taken("gz_of_two_members", "texts", lambda day: gz(PLAIN_DAY)(day) + gz(text("{d} 05:00:00,南湖街,m1,1,二\n"))(day), 2),
        taken("gz_padded_with_zeros", "texts", gz(PLAIN_DAY, suffix=bytes(512)), 1),
        taken("gz_workbook", "books", gz(rows("books", PLAIN)), 1, file="日报_{c}.xlsx.gz"),
        taken("gz_json", "trees", gz(rows("trees", PLAIN)), 1, file="日报_{c}.json.gz"),
        taken("gz_json_lines", "lines", gz(rows("lines", PLAIN)), 1, file="日报_{c}.jsonl.gz"),
        taken("gz_parquet", "columns", gz(rows("columns", PLAIN)), 1, file="日报_{c}.parquet.gz"),
        refused("gz_truncated", "texts", cut(whole, 0.7), "CORRUPT"),
        refused("gz_only_its_mark", "texts", raw(b"\x1f\x8b"), "CORRUPT"),
        refused("gz_of_another_method", "texts", changed(whole, b"\x1f\x8b\x08", b"\x1f\x8b\x07"), "CORRUPT"),
        refused("gz_with_a_wrong_checksum", "texts", lambda day: whole(day)[:-8] + b"\xde\xad\xbe\xef" + whole(day)[-4:], "CORRUPT"),
        refused("gz_with_a_wrong_length", "texts", lambda day: whole(day)[:-4] + b"\x01\x00\x00\x00", "CORRUPT"),
        refused("gz_then_rubbish", "texts", gz(BAD, suffix=b"rubbish"), "CORRUPT"),
        refused("gz_of_nothing", "texts", gz(raw(b"")), "EMPTY"),
        refused("gz_in_gz", "texts", gz(whole), "UNSUPPORTED_TYPE"),
        refused("gz_of_zip", "texts", gz(pack({"day.csv": BAD})), "UNSUPPORTED_TYPE"),
    ]


def _zip() -> list[Case]:
    whole = pack({"day.csv": BAD})
    second = rows("texts", ["{d} 05:00:00", "南湖街", "m1", "1", "二"])
    other = rows("texts", ["{d} 05:00:00", "南湖街", "m1", "2", "二"])
    return [
        taken("zip", "texts", pack({"day.csv": PLAIN_DAY}), 1, file="日报_{c}.zip"),
        taken("zip_in_a_folder", "texts", pack({"导出/": "", "导出/日报.csv": PLAIN_DAY}), 1, file="日报_{c}.zip"),
        taken("zip_stored", "texts", pack({"day.csv": PLAIN_DAY}, stored=True), 1, file="日报_{c}.zip"),
        taken("zip_with_names_in_gbk", "texts", changed(pack({"abcd.csv": PLAIN_DAY}), b"abcd.csv", "日报.csv".encode("gbk")), 1),
        # Every file of a container is a part of the drop; counts are summed, as those of the sheets of a workbook.
        taken("zip_of_two_files", "texts", pack({"a.csv": PLAIN_DAY, "b.csv": second}), 2, file="日报_{c}.zip"),
        taken("zip_from_a_mac", "texts", pack({"day.csv": PLAIN_DAY, "__MACOSX/._day.csv": "\x00\x05\x16\x07"}), 1),
        # Policy is silent. What a system adds without being asked is no file of the department's.
        taken("zip_with_ds_store", "texts", pack({".DS_Store": raw(MAC), "day.csv": PLAIN_DAY}), 1),
        taken("zip_workbook", "books", pack({"day.xlsx": rows("books", PLAIN)}), 1, file="日报_{c}.zip"),
        taken("zip_json", "trees", pack({"day.json": rows("trees", PLAIN)}), 1, file="日报_{c}.zip"),
        taken("zip_json_lines", "lines", pack({"day.jsonl": rows("lines", PLAIN)}), 1, file="日报_{c}.zip"),
        taken("zip_parquet", "columns", pack({"day.parquet": rows("columns", PLAIN)}), 1, file="日报_{c}.zip"),
        taken(
            "zip_with_a_bad_row", "texts", pack({"a.csv": table("{d} 04:00,无此街道,m1,1,x\n"), "b.csv": second}), 1, RowReason.UNKNOWN_UNIT
        ),
        taken("zip_of_two_files_that_differ", "texts", pack({"a.csv": second, "b.csv": other}), 0, *[RowReason.DUPLICATE_CONFLICT] * 2),
        taken("zip_of_two_files_that_agree", "texts", pack({"a.csv": second, "b.csv": second}), 1, skipped=1),
        # F3: a refused file changes nothing; a drop is taken as a whole or not at all.
        refused(
            "zip_of_good_and_bad",
            "texts",
            pack({"a.csv": BAD, "b.csv": text("时间,街道,表号,数额,说明\n{d} 05:00,南湖街,m1,1,x\n")}),
            "SCHEMA",
            "日报_{c}.zip",
        ),
        refused("zip_of_good_and_pdf", "texts", pack({"a.csv": BAD, "b.pdf": raw(PDF)}), "UNSUPPORTED_TYPE", "日报_{c}.zip"),
        refused("zip_in_zip", "texts", pack({"in.zip": whole}), "UNSUPPORTED_TYPE", "日报_{c}.zip"),
        refused("zip_of_an_empty_file", "texts", pack({"day.csv": ""}), "EMPTY", "日报_{c}.zip"),
        refused("zip_of_nothing", "texts", pack({}), "EMPTY", "日报_{c}.zip"),
        refused("zip_of_folders", "texts", pack({"导出/": "", "导出/空/": ""}), "EMPTY", "日报_{c}.zip"),
        refused("zip_truncated", "texts", cut(whole, 0.6), "CORRUPT", "日报_{c}.zip"),
        refused("zip_only_its_mark", "texts", raw(b"PK\x03\x04"), "CORRUPT", "日报_{c}.zip"),
        refused("zip_encrypted", "texts", flagged(whole), "CORRUPT", "日报_{c}.zip"),
        refused("zip_encrypted_with_aes", "texts", flagged(whole, method=99), "CORRUPT", "日报_{c}.zip"),
        refused("zip_of_an_unknown_method", "texts", flagged(whole, method=77), "CORRUPT", "日报_{c}.zip"),
        refused("zip_with_a_wrong_byte", "texts", flipped(pack({"day.csv": BAD}, stored=True), b"day.csv", 40), "CORRUPT", "日报_{c}.zip"),
        refused("zip_that_says_it_is_shorter", "texts", lambda day: lying_zip("a.csv", BAD(day), 40), "CORRUPT", "日报_{c}.zip"),
        # The checksum says that nothing is missing, whatever length was written down.
        taken("zip_that_says_it_is_longer", "texts", lambda day: lying_zip("a.csv", PLAIN_DAY(day), 4000), 1, file="日报_{c}.zip"),
        taken("zip_with_a_readme", "texts", pack({"readme.txt": "请查收\n", "day.csv": PLAIN_DAY}), 1, skipped=1, file="日报_{c}.zip"),
        outside("zip_member_above", "../../data/feeds/texts.yaml"),
        outside("zip_member_above_later", "a/../../b.csv"),
        outside("zip_member_absolute", "/etc/cron.d/x.csv"),
        outside("zip_member_backslash", "..\\..\\x.csv"),
        outside("zip_member_drive", "C:\\Windows\\x.csv"),
        outside("zip_member_share", "\\\\server\\share\\x.csv"),
        refused("zip_member_link", "texts", pack({"day.csv": BAD, "x.csv": "/etc/passwd"}, symlink="x.csv"), "BAD_NAME", "日报_{c}.zip"),
    ]


def _again() -> list[Case]:
    first = good("texts", *GOOD)
    other = good("texts", (1, "9.00"), (2, "2.00"), (3, "3.00"))
    return [
        duplicate("the_same_bytes", "texts", first),
        duplicate("the_same_bytes_by_another_name", "texts", first, "副本_{c}.csv"),
        duplicate("the_same_workbook", "books", good("books", *GOOD)),
        # A, B, A: the values of the first are current again, which is a correction and no duplicate.
        taken("a_b_a", "texts", first, 3, before=other, fresh=1),
        # Other bytes with the same values: taken, though nothing changes.
        taken("the_same_values_packed", "texts", gz(first), 3, file="日报_{c}.csv.gz", fresh=0),
    ]


def _broken_books() -> list[Case]:
    sheet = rows("books", POISON)
    secret = old_book(["时间"], stream="EncryptedPackage")
    locked = old_book(["时间", "街道", "表号", "金额", "说明"], POISON, locked=True)
    return [
        refused("xlsx_truncated", "books", cut(sheet, 0.5), "CORRUPT"),
        refused("xlsx_with_a_wrong_byte", "books", flipped(sheet, b"xl/worksheets/sheet1.xml", 40), "CORRUPT"),
        refused("xlsx_encrypted", "books", secret, "CORRUPT"),
        refused("xlsx_with_encrypted_members", "books", flagged(sheet), "CORRUPT"),
        refused("xlsx_without_a_workbook", "books", raw(zipped({"[Content_Types].xml": "<Types/>", "xl/styles.xml": "<x/>"})), "CORRUPT"),
        refused("xlsx_with_broken_xml", "books", raw(book("<worksheet><sheetData><row r='1'><c r='A1'>")), "CORRUPT"),
        refused("xls_truncated", "books", cut(old_book(["时间"], *[["x"]] * 500), 0.4), "CORRUPT", "日报_{c}.xls"),
        refused("xls_only_its_mark", "books", raw(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)), "CORRUPT", "日报_{c}.xls"),
        refused("xls_encrypted", "books", locked, "CORRUPT", "日报_{c}.xls"),
    ]


CASES = [*_renamed(), *_gzip(), *_zip(), *_again(), *_broken_books()]
