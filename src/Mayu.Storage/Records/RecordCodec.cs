using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mayu.Core.Machines;

namespace Mayu.Storage.Records;

/// <summary>conf.json: bytes ↔ machine. What it does not understand survives a round trip.</summary>
internal static class RecordCodec
{
    /// <summary>The largest record that is read, in bytes. Real ones have a few KiB.</summary>
    public const int MaxBytes = 1 << 20;

    // Facts nest four deep; 32 leaves room for what others add.
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    // Records are read by people and by git, never pasted into HTML: `+` and `ü` stay what they are.
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads a record.</summary>
    /// <param name="content">The bytes of conf.json.</param>
    /// <param name="folderSerial">The serial that its place says it has.</param>
    /// <param name="problem">Why it cannot be read, as half a sentence; null on success.</param>
    public static MachineRecord? Read(ReadOnlySpan<byte> content, Serial folderSerial, out string? problem)
    {
        if (content.Length > MaxBytes)
        {
            problem = $"it has {content.Length} bytes; {MaxBytes} are allowed";
            return null;
        }

        if (content.TrimStart("\0"u8).IsEmpty)
        {
            problem = content.IsEmpty ? "it is empty" : "it is filled with NULs";
            return null;
        }

        try
        {
            if (JsonNode.Parse(content, documentOptions: Strict) is not JsonObject fields)
            {
                problem = "it is no JSON object";
                return null;
            }

            var machine = RecordFields.Read(fields, folderSerial);
            problem = null;
            return new MachineRecord(machine, ResidueOf(fields, machine));
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException) // the last: a lone surrogate
        {
            problem = e.Message;
            return null;
        }
    }

    /// <summary>The bytes of conf.json, indented, with a line feed at the end.</summary>
    public static byte[] Write(MachineRecord record)
    {
        var fields = RecordFields.Write(record.Machine);
        foreach (var (key, value) in record.Residue ?? [])
        {
            fields[key] = value?.DeepClone();
        }

        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            fields.WriteTo(writer);
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static JsonObject? ResidueOf(JsonObject fields, Machine machine)
    {
        var written = RecordFields.Write(machine);
        var residue = new JsonObject();
        foreach (var (key, value) in fields)
        {
            if (!JsonNode.DeepEquals(value, written[key]))
            {
                residue[key] = value?.DeepClone();
            }
        }

        return residue.Count > 0 ? residue : null;
    }
}
