using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mayu.Core.Json;
using Mayu.Core.Machines;
using Mayu.Primitives;

namespace Mayu.Storage.Records;

/// <summary>
/// pins.json: bytes ↔ pins. A map of key to <c>{"Profile": …, "Address": …}</c>, sorted. Read strictly, unlike a record: people
/// write it, and a slip of theirs must not give away an address that is kept.
/// </summary>
internal static class PinsCodec
{
    /// <summary>The largest file that is read, in bytes: some hundred thousand pins.</summary>
    public const int MaxBytes = 16 << 20;

    private const string ProfileKey = "Profile";
    private const string AddressKey = "Address";

    /// <summary>Reads the pins.</summary>
    /// <param name="content">The bytes of pins.json.</param>
    /// <param name="problem">Why they cannot be read, as half a sentence; null on success.</param>
    public static ImmutableSortedDictionary<PinKey, Pin>? Read(ReadOnlySpan<byte> content, out string? problem)
    {
        try
        {
            if (content.TrimStart("\0"u8).IsEmpty)
            {
                throw new FormatException(content.IsEmpty ? "it is empty" : "it is filled with NULs");
            }

            var fields = BoundedJson.Node(content, MaxBytes) as JsonObject ?? throw new FormatException("it is not a JSON object");
            var pins = ImmutableSortedDictionary.CreateBuilder<PinKey, Pin>();
            var addresses = new Dictionary<Ipv4, PinKey>();
            foreach (var (name, value) in fields)
            {
                var pin = ReadPin(name, value);
                if (!pins.TryAdd(pin.Key, pin))
                {
                    throw new FormatException($"it has the key {pin.Key} twice");
                }

                if (pin.Address is { } address && !addresses.TryAdd(address, pin.Key))
                {
                    throw new FormatException($"{addresses[address]} and {pin.Key} reserve the same address {address}");
                }
            }

            problem = null;
            return pins.ToImmutable();
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException) // the last: a lone surrogate
        {
            problem = BoundedJson.Describe(e);
            return null;
        }
    }

    /// <summary>The bytes of pins.json, indented, with a line feed at the end.</summary>
    public static byte[] Write(IEnumerable<Pin> pins)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, RecordWriting.Readable))
        {
            writer.WriteStartObject();
            foreach (var pin in pins)
            {
                writer.WriteStartObject(pin.Key.Text);
                writer.Put("Profile"u8, pin.Profile);
                writer.Put("Address"u8, pin.Address?.ToString());
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static Pin ReadPin(string name, JsonNode? value)
    {
        if (!PinKey.TryParse(name, out var key, out var refusal))
        {
            throw new FormatException($"its key {JsonValue.Create(name).ToJsonString()} is not valid: {refusal}");
        }

        var fields = value as JsonObject ?? throw new FormatException($"the pin {key} is not a JSON object");
        if (fields.FirstOrDefault(f => f.Key is not (ProfileKey or AddressKey)) is { Key: { } unknown })
        {
            throw new FormatException($"the pin {key} has an unknown field {JsonValue.Create(unknown).ToJsonString()}");
        }

        return new Pin(key)
        {
            Profile = Text(fields, key, ProfileKey),
            Address = Text(fields, key, AddressKey) is not { } text ? null
                : Ipv4.TryParse(text, out var address) ? address
                : throw new FormatException($"the {AddressKey} of {key} is not an IPv4 address"),
        };
    }

    private static string? Text(JsonObject fields, PinKey key, string name) => fields[name] switch
    {
        null => null,
        JsonValue value when value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() is { Length: > 0 } text => text,
        _ => throw new FormatException($"the {name} of {key} is not a string"),
    };
}
