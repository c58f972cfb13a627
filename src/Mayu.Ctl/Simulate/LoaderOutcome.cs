using System.Collections.Immutable;

namespace Mayu.Ctl.Simulate;

/// <summary>What a boot script has its loader do in the end.</summary>
internal abstract record LoaderOutcome
{
    private LoaderOutcome()
    {
    }

    /// <summary>Another script is run in its place.</summary>
    /// <param name="Location">Its URL or name.</param>
    public sealed record Chain(string Location) : LoaderOutcome;

    /// <summary>The loader asks for an address first, and then goes on with the script that it is told.</summary>
    public sealed record Autoboot : LoaderOutcome;

    /// <summary>A kernel is started.</summary>
    /// <param name="Kernel">Its URL or name.</param>
    /// <param name="Arguments">Its command line.</param>
    /// <param name="Initrds">Its initial RAM disks.</param>
    public sealed record Boot(string Kernel, string Arguments, ImmutableArray<string> Initrds) : LoaderOutcome;

    /// <summary>The machine's own disk is started.</summary>
    /// <param name="How">By which command.</param>
    public sealed record LocalDisk(string How) : LoaderOutcome;

    /// <summary>The script ends without starting anything.</summary>
    /// <param name="Why">What of it was not understood, or what it lacks.</param>
    public sealed record Nothing(string Why) : LoaderOutcome;
}
