using System.Buffers;
using System.Text.Json;
using Mayu.Core.Json;
using Mayu.Core.Machines;
using Mayu.Primitives;

namespace Mayu.Storage.Records;

/// <summary>conf.json: bytes ↔ machine. What it does not understand survives a round trip.</summary>
internal static class RecordCodec
{
    /// <summary>The largest record that is read, in bytes. Real ones have a few KiB.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>What this program wrote itself a moment ago, of what was bounded when it was read, is not measured again.</summary>
    internal const int Own = int.MaxValue;

    // A start reads ten thousand records, and writes each to see whether anything of it would be lost.
    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer)? _page;

    /// <summary>Reads a record.</summary>
    /// <param name="content">The bytes of conf.json.</param>
    /// <param name="folderSerial">The serial that its place says it has.</param>
    /// <param name="problem">Why it cannot be read, as half a sentence; null on success.</param>
    public static MachineRecord? Read(ReadOnlyMemory<byte> content, Serial folderSerial, out string? problem)
    {
        if (content.Length > MaxBytes)
        {
            problem = $"it has {content.Length} bytes; at most {MaxBytes} are allowed";
            return null;
        }

        if (content.Span.TrimStart("\0"u8).IsEmpty)
        {
            problem = content.IsEmpty ? "it is empty" : "it is filled with NULs";
            return null;
        }

        try
        {
            using var document = BoundedJson.Document(content, MaxBytes);
            var fields = document.RootElement;
            if (fields.ValueKind != JsonValueKind.Object)
            {
                problem = "it is not a JSON object";
                return null;
            }

            var machine = RecordFields.Read(fields, folderSerial);
            problem = null;
            return new MachineRecord(machine, ResidueOf(content.Span, fields, machine));
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException) // the last: a lone surrogate
        {
            problem = BoundedJson.Describe(e);
            return null;
        }
    }

    /// <summary>The bytes of conf.json, indented, with a line feed at the end.</summary>
    public static byte[] Write(MachineRecord record)
    {
        var own = Write(record.Machine);
        if (record.Residue is not { } residue)
        {
            return own.ToArray();
        }

        var fields = BoundedJson.Node(own, Own)!.AsObject();
        foreach (var (key, value) in BoundedJson.Node(residue, Own)!.AsObject())
        {
            fields[key] = value?.DeepClone();
        }

        var buffer = new ArrayBufferWriter<byte>(own.Length + residue.Length);
        using (var writer = new Utf8JsonWriter(buffer, RecordWriting.Readable))
        {
            fields.WriteTo(writer);
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>An object of some of the fields; null when there are none.</summary>
    public static byte[]? Fields(JsonElement all, Func<string, bool> isWanted)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var some = false;
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var field in all.EnumerateObject().Where(f => isWanted(f.Name)))
            {
                field.WriteTo(writer);
                some = true;
            }

            writer.WriteEndObject();
        }

        return some ? buffer.WrittenSpan.ToArray() : null;
    }

    // Until the next call on the same thread.
    private static ReadOnlySpan<byte> Write(Machine machine)
    {
        if (_page is not var (buffer, writer))
        {
            buffer = new ArrayBufferWriter<byte>(8192);
            writer = new Utf8JsonWriter(buffer, RecordWriting.Readable);
            _page = (buffer, writer);
        }

        buffer.ResetWrittenCount();
        writer.Reset();
        RecordFields.Write(writer, machine);
        writer.Flush();
        buffer.Write("\n"u8);
        return buffer.WrittenSpan;
    }

    private static byte[]? ResidueOf(ReadOnlySpan<byte> content, JsonElement fields, Machine machine)
    {
        var own = Write(machine);
        if (own.SequenceEqual(content))
        {
            return null;
        }

        using var written = BoundedJson.Document(own.ToArray(), Own);
        return Fields(fields, name =>
        {
            var value = fields.GetProperty(name);
            return written.RootElement.TryGetProperty(name, out var same) ? !JsonElement.DeepEquals(value, same) : value.ValueKind != JsonValueKind.Null;
        });
    }
}

/// <summary>A machine as its record was read or is to be written.</summary>
/// <param name="Machine">What Mayu knows of it.</param>
/// <param name="Residue">
/// A JSON object, as UTF-8: top-level fields of the record that writing <paramref name="Machine"/> would not bring back as they were,
/// unknown ones, and known ones in a form of another time. They are written again as they stand until a change gives them a new value.
/// Null when there are none.
/// </param>
internal sealed record MachineRecord(Machine Machine, byte[]? Residue)
{
    /// <summary>The record that follows this one when the machine becomes <paramref name="next"/>: residue that was superseded is dropped.</summary>
    public MachineRecord With(Machine next)
    {
        if (Residue is null)
        {
            return new MachineRecord(next, null);
        }

        using var residue = BoundedJson.Document(Residue, RecordCodec.Own);
        using var before = BoundedJson.Document(RecordCodec.Write(new MachineRecord(Machine, null)), RecordCodec.Own);
        using var after = BoundedJson.Document(RecordCodec.Write(new MachineRecord(next, null)), RecordCodec.Own);
        return new MachineRecord(next, RecordCodec.Fields(residue.RootElement, name => IsSame(before.RootElement, after.RootElement, name)));
    }

    private static bool IsSame(JsonElement before, JsonElement after, string name) =>
        before.TryGetProperty(name, out var old) == after.TryGetProperty(name, out var next)
        && (old.ValueKind == JsonValueKind.Undefined || JsonElement.DeepEquals(old, next));
}
