using Mayu.Core.Machines;
using Mayu.Primitives;
using Mayu.Server.Live;
using Mayu.Server.Preflight;

namespace Mayu.Server.Api.Doctor;

/// <summary>What templates print: for the first machine of each profile, and for known machines, as many as are rendered in time.</summary>
internal sealed class TemplateCheck(LiveConfiguration live, IMachineStore store, Func<MachineNeeds> needs) : IDoctorCheck
{
    /// <summary>The known machines whose configs are rendered.</summary>
    public const int MostMachines = 500;

    /// <inheritdoc/>
    public string Id => "templates";

    /// <inheritdoc/>
    public Task<string> LookAsync(Findings findings, CancellationToken cancellation)
    {
        foreach (var (key, problem) in needs().OfTemplates())
        {
            findings.Error($"{key}: {ConfigFaults.OnOneLine(problem)}", "Correct it, and look at the result: mayu config check, mayu render");
        }

        var known = store.Current.Count;
        return Task.FromResult($"the configs of {Counted.Of(live.Current.Settings.Cluster.Profiles.Length, "profile")} and {Counted.Of(Math.Min(known, MostMachines), "known machine")} can be rendered"
            + (known > MostMachines ? $"; `mayu config check` renders all {known}" : ""));
    }
}
