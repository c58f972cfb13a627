using System.Diagnostics.CodeAnalysis;
using Mayu.Client;
using Mayu.Core.Machines;

namespace Mayu.Server.Api;

/// <summary>How requests name a moment of the history.</summary>
internal static class Moments
{
    /// <summary>What a time looks like.</summary>
    public const string TimeForm = "a time (RFC 3339, like 2026-01-02T03:04:05Z)";

    /// <summary>What a moment looks like.</summary>
    public const string Form = "a change's id, whole or its first 7 characters or more, or " + TimeForm;

    /// <summary>Reads a change's id or a time.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out HistoryPoint? point)
    {
        point = MomentText.TryParseTime(text, out var time) ? HistoryPoint.Time(time)
            : MomentText.IsChangeId(text) ? HistoryPoint.After(text)
            : null;
        return point is not null;
    }
}
