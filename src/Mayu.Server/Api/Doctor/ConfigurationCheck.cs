using Mayu.Server.Api.Status;
using Mayu.Server.Live;
using Mayu.Server.Reload;

namespace Mayu.Server.Api.Doctor;

/// <summary>The configuration: what is in effect, and what its file says meanwhile.</summary>
internal sealed class ConfigurationCheck(LiveConfiguration live, ConfigurationReload reload, ClusterRemarks remarks) : IDoctorCheck
{
    /// <inheritdoc/>
    public string Id => "configuration";

    /// <inheritdoc/>
    public Task<string> LookAsync(Findings findings, CancellationToken cancellation)
    {
        foreach (var (key, problem) in live.Current.Settings.Openings)
        {
            findings.Warn($"{key}: {problem}");
        }

        foreach (var remark in remarks.OfConfiguration)
        {
            findings.Warn(remark);
        }

        var (changed, problems) = reload.Compare();
        foreach (var problem in problems)
        {
            findings.Warn($"the next start or reload would fail: {problem}", "Correct the file, and check it: mayu config check");
        }

        if (changed.Length > 0)
        {
            findings.Warn($"the file was changed and not reloaded: {string.Join(", ", changed)}", "Take the changes over with `mayuctl reload`; it says which keys need a restart.");
        }

        return Task.FromResult("the file is in effect");
    }
}
