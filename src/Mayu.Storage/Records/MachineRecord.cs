using System.Text.Json;
using Mayu.Core.Json;
using Mayu.Core.Machines;

namespace Mayu.Storage.Records;

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
