using System.Text.Json.Nodes;
using Mayu.Core.Machines;

namespace Mayu.Storage.Records;

/// <summary>A machine as its record was read or is to be written.</summary>
/// <param name="Machine">What Mayu knows of it.</param>
/// <param name="Residue">
/// Top-level fields of the record that writing <paramref name="Machine"/> would not bring back as they were: unknown ones, and known ones
/// in a form of another time. They are written again as they stand until a change gives them a new value. Null when there are none.
/// </param>
internal sealed record MachineRecord(Machine Machine, JsonObject? Residue)
{
    /// <summary>The record that follows this one when the machine becomes <paramref name="next"/>: residue that was superseded is dropped.</summary>
    public MachineRecord Become(Machine next)
    {
        if (Residue is null)
        {
            return new MachineRecord(next, null);
        }

        var before = RecordFields.Write(Machine);
        var after = RecordFields.Write(next);
        var kept = new JsonObject();
        foreach (var (key, value) in Residue)
        {
            if (JsonNode.DeepEquals(before[key], after[key]))
            {
                kept[key] = value?.DeepClone();
            }
        }

        return new MachineRecord(next, kept.Count > 0 ? kept : null);
    }
}
