namespace Mayu.Server.Api.Doctor;

/// <summary>One thing that the doctor looks at. It changes nothing.</summary>
internal interface IDoctorCheck
{
    /// <summary>What it is called: a word.</summary>
    string Id { get; }

    /// <summary>How long it may take; what takes longer is told as not known.</summary>
    TimeSpan Limit => TimeSpan.FromSeconds(2);

    /// <summary>Looks.</summary>
    /// <param name="findings">Takes what is wrong.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>What is well where nothing was found, as a sentence.</returns>
    Task<string> LookAsync(Findings findings, CancellationToken cancellation);
}
