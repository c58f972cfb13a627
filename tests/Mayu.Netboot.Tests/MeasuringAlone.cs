namespace Mayu.Netboot.Tests;

/// <summary>Tests that measure handles and memory, which are the whole process's: they run when no other test does.</summary>
[CollectionDefinition(nameof(MeasuringAlone), DisableParallelization = true)]
public sealed class MeasuringAlone;
