using Mayu.Client.Text;
using Mayu.Core.Machines;

namespace Mayu.Server.Api.Queries;

/// <summary>How requests name a point of the history.</summary>
internal static class HistoryPointText
{
    /// <summary>What a time looks like.</summary>
    public const string TimeForm = "a time (RFC 3339, like 2026-01-02T03:04:05Z)";

    /// <summary>What a point looks like.</summary>
    public const string Form = "a change's id, whole or its first 7 characters or more, or " + TimeForm;

    /// <summary>Reads a change's id or a time; null where it is neither.</summary>
    public static HistoryPoint? Parse(string text) =>
        MomentText.TryParseTime(text, out var time) ? HistoryPoint.Time(time) : MomentText.IsChangeId(text) ? HistoryPoint.After(text) : null;
}
